package io.varve.devices.pool;

import io.varve.devices.BlobDeleted;
import io.varve.devices.BlobId;
import io.varve.devices.log.DeviceLog;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A delete on its way to every device that may have a copy. */
final class PendingDelete {
    private final BlobId blobId;
    private final PoolMembers members;
    private final AtomicInteger copies = new AtomicInteger();
    private final ConcurrentLinkedQueue<Integer> failedOn = new ConcurrentLinkedQueue<>();
    private final AtomicInteger outstanding = new AtomicInteger(1);
    private final CompletableFuture<BlobDeleted> result = new CompletableFuture<>();

    PendingDelete(BlobId blobId, PoolMembers members) {
        this.blobId = blobId;
        this.members = members;
    }

    CompletableFuture<BlobDeleted> run() {
        List<SetMember> replicaSet = members.wanted(blobId);
        for (SetMember member : members.all()) {
            DeviceLog log = member.log();
            boolean expected = replicaSet.contains(member);
            if (log == null || !member.up()) {
                if (expected || (log != null && log.lengthBytes(blobId) >= 0)) {
                    failedOn.add(member.deviceId());
                }
            } else if (expected || log.lengthBytes(blobId) >= 0) {
                // Also where it is not seen: a write of it may be on its way.
                outstanding.incrementAndGet();
                log.delete(
                        blobId,
                        (changed, failure) -> {
                            if (failure != null) {
                                failedOn.add(member.deviceId());
                            } else if (changed) {
                                copies.incrementAndGet();
                            }
                            answered();
                        });
            }
        }
        answered();
        return result;
    }

    private void answered() {
        if (outstanding.decrementAndGet() == 0) {
            List<Integer> failed = new ArrayList<>(failedOn);
            failed.sort(null);
            result.complete(new BlobDeleted(blobId, copies.get(), failed));
        }
    }
}
