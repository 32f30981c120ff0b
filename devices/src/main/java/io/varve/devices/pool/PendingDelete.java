package io.varve.devices.pool;

import io.varve.devices.BlobDeleted;
import io.varve.devices.BlobId;
import io.varve.devices.log.BlobDevice;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A delete on its way to every device that may have a copy. Which devices could not be asked is on
 * media before it completes.
 */
final class PendingDelete {
    private final BlobId blobId;
    private final PoolMembers members;
    private final Map<BlobId, List<SetMember>> expected;
    private final AtomicInteger copies = new AtomicInteger();
    private final Set<Integer> failedOn = ConcurrentHashMap.newKeySet();
    private final AtomicInteger outstanding = new AtomicInteger(1);
    private final CompletableFuture<BlobDeleted> result = new CompletableFuture<>();

    /** Why it cannot be kept which devices missed it. */
    private volatile @Nullable RuntimeException failure;

    /**
     * @param expected what devices know the blob's parts by, and those that should have each
     */
    PendingDelete(BlobId blobId, PoolMembers members, Map<BlobId, List<SetMember>> expected) {
        this.blobId = blobId;
        this.members = members;
        this.expected = expected;
    }

    CompletableFuture<BlobDeleted> run() {
        try {
            expected.forEach(this::delete);
        } catch (RuntimeException e) {
            failure = e;
        }
        answered();
        return result;
    }

    private void delete(BlobId key, List<SetMember> expectedOn) {
        for (SetMember member : members.all()) {
            BlobDevice log = member.log();
            boolean should = expectedOn.contains(member);
            if (log == null || !member.up()) {
                if (should || member.mayHold(key)) {
                    members.missedDeletes().missed(member.deviceId());
                }
                if (should || member.holds(key)) {
                    failedOn.add(member.deviceId());
                }
                if (log != null) {
                    log.deletedMeanwhile(key);
                }
            } else if (should || member.mayHold(key)) {
                // Also where it is not seen: a write of it may be on its way.
                outstanding.incrementAndGet();
                log.delete(
                        key,
                        (changed, failure) -> {
                            if (failure != null) {
                                log.deletedMeanwhile(key);
                            }
                            deleted(member, changed, failure != null);
                        });
            }
        }
    }

    private void deleted(SetMember member, boolean changed, boolean failed) {
        if (failed) {
            missed(member.deviceId());
        } else if (changed) {
            copies.incrementAndGet();
        }
        answered();
    }

    private void missed(int deviceId) {
        failedOn.add(deviceId);
        try {
            members.missedDeletes().missed(deviceId);
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void answered() {
        if (outstanding.decrementAndGet() == 0) {
            RuntimeException unkept = failure;
            if (unkept != null) {
                result.completeExceptionally(unkept);
                return;
            }
            List<Integer> failed = new ArrayList<>(failedOn);
            failed.sort(null);
            result.complete(new BlobDeleted(blobId, copies.get(), failed));
        }
    }
}
