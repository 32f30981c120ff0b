package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.BlobWritten;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFullException;
import io.varve.devices.InsufficientCopiesException;
import io.varve.devices.PoolFullException;
import io.varve.devices.log.BlobDevice;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A write on its way to several devices. Each device answers once, on its own thread; the last
 * answer decides. No answer can be missing for ever: a device that hangs is set aside, which
 * answers for it.
 */
final class PendingWrite {
    private final BlobId blobId;
    private final int minCopies;
    private final List<BlobDevice> targets;
    private final List<BlobId> keys;
    private final Answer[] answers;
    private final List<Integer> skipped;
    private final AtomicInteger outstanding;
    private final Outcome outcome;
    private final CompletableFuture<BlobWritten> result = new CompletableFuture<>();

    private record Answer(boolean changed, @Nullable DeviceException failure) {}

    /** Is told how a write ended with less than all copies. */
    interface Outcome {
        void degraded(BlobWritten written, List<DeviceException> failures);
    }

    /**
     * @param targets those that have room set aside for it
     * @param keys what each target knows its part by
     * @param skipped devices of the replica set that cannot take it
     */
    PendingWrite(
            BlobId blobId,
            int minCopies,
            List<BlobDevice> targets,
            List<BlobId> keys,
            List<Integer> skipped,
            Outcome outcome) {
        this.blobId = blobId;
        this.minCopies = minCopies;
        this.targets = targets;
        this.keys = keys;
        this.skipped = skipped;
        this.outcome = outcome;
        this.answers = new Answer[targets.size()];
        this.outstanding = new AtomicInteger(targets.size());
    }

    CompletableFuture<BlobWritten> result() {
        return result;
    }

    /** The answer of one target. */
    void answered(int target, boolean changed, @Nullable DeviceException failure) {
        answers[target] = new Answer(changed, failure);
        if (outstanding.decrementAndGet() == 0) {
            decide();
        }
    }

    private void decide() {
        List<Integer> missing = new ArrayList<>(skipped);
        List<DeviceException> failures = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            DeviceException failure = answers[i].failure();
            if (failure != null) {
                failures.add(failure);
                missing.add(targets.get(i).deviceId());
            }
        }
        int copies = targets.size() - failures.size();
        if (copies < minCopies) {
            dropCopies(failure(blobId, copies, minCopies, failures));
            return;
        }
        BlobWritten written = new BlobWritten(blobId, copies, missing);
        if (written.degraded()) {
            outcome.degraded(written, failures);
        }
        result.complete(written);
    }

    static DeviceException failure(
            BlobId blobId, int copies, int minCopies, List<? extends DeviceException> failures) {
        long full = failures.stream().filter(DeviceFullException.class::isInstance).count();
        String message =
                "blob %s: %d of at least %d copies could be written; %s"
                        .formatted(
                                blobId,
                                copies,
                                minCopies,
                                failures.stream().map(Throwable::getMessage).toList());
        DeviceException failure =
                copies + full >= minCopies
                        ? new PoolFullException(message)
                        : new InsufficientCopiesException(message);
        failures.forEach(failure::addSuppressed);
        return failure;
    }

    /** Drops what this write added, and only that: a copy that was there before may be needed. */
    private void dropCopies(DeviceException failure) {
        AtomicInteger left = new AtomicInteger(1);
        Runnable dropped =
                () -> {
                    if (left.decrementAndGet() == 0) {
                        result.completeExceptionally(failure);
                    }
                };
        for (int i = 0; i < answers.length; i++) {
            if (answers[i].failure() == null && answers[i].changed()) {
                left.incrementAndGet();
                // When this fails too, the copy is left over on a failed device, for an audit.
                targets.get(i).delete(keys.get(i), (changed, dropFailure) -> dropped.run());
            }
        }
        dropped.run();
    }
}
