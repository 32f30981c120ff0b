package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.BlobVerification;
import io.varve.devices.CopyState;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/**
 * Blobs that readers found to lack a copy, repaired one after the other by a thread of its own; and
 * the deficits, blobs that wait for a device to come back. Both are bounded: what does not fit is
 * found again by the next read, or by an audit.
 */
final class RepairQueue implements AutoCloseable {
    static final int MAX_QUEUED = 10_000;
    static final int MAX_DEFICITS = 1_000_000;

    private final Function<BlobId, BlobVerification> repair;
    private final Set<BlobId> queued = ConcurrentHashMap.newKeySet();
    private final LinkedBlockingQueue<BlobId> queue = new LinkedBlockingQueue<>(MAX_QUEUED);
    private final Set<BlobId> deficits = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean repairing;

    RepairQueue(Function<BlobId, BlobVerification> repair) {
        this.repair = repair;
        this.thread = Thread.ofVirtual().name("varve-repair").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void add(BlobId blobId) {
        if (queued.add(blobId) && !queue.offer(blobId)) {
            queued.remove(blobId);
        }
    }

    /** Those that wait, and the one under repair. */
    int size() {
        return queued.size() + (repairing ? 1 : 0);
    }

    void addDeficit(BlobId blobId) {
        if (deficits.size() < MAX_DEFICITS) {
            deficits.add(blobId);
        }
    }

    void settled(BlobVerification copies) {
        if (copies.count(CopyState.GOOD) == copies.copies().size()) {
            deficits.remove(copies.blobId());
        }
    }

    void forget(BlobId blobId) {
        deficits.remove(blobId);
    }

    Set<BlobId> deficits() {
        return Set.copyOf(deficits);
    }

    private void run() {
        try {
            while (true) {
                BlobId blobId = queue.take();
                repairing = true;
                queued.remove(blobId);
                settled(repair.apply(blobId));
                repairing = false;
            }
        } catch (InterruptedException e) {
            // The pool is closing.
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when the blob under repair is done with, since the devices are closed next. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
