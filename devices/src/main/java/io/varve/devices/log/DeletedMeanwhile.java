package io.varve.devices.log;

import io.varve.devices.BlobId;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Blobs that were deleted while a device that has them could not do so, because it had failed. They
 * are taken out of its index, so that they are counted and found no more; on its media they are
 * still, so they are to be deleted when the device is back. Bounded, and not kept over a restart:
 * what is forgotten then the audit finds. Safe for use by many threads.
 */
final class DeletedMeanwhile {
    /** Some 100 bytes each. */
    private static final int MAX = 1_000_000;

    private final LogAgent agent;
    private final BlobIndex index;
    private final Set<BlobId> ids = ConcurrentHashMap.newKeySet();

    DeletedMeanwhile(LogAgent agent, BlobIndex index) {
        this.agent = agent;
        this.index = index;
    }

    /** Does nothing while the device is up. */
    void add(BlobId id) {
        if (agent.failure() != null && ids.size() < MAX) {
            agent.betweenBatches(
                    () -> {
                        if (index.remove(id.high(), id.low())) {
                            ids.add(id);
                        }
                    });
        }
    }

    /**
     * Has another opening of the device delete them, first of all that it does. Not started yet, it
     * does so once it is.
     */
    void deleteFrom(BlobDevice back) {
        for (BlobId id : ids) {
            back.delete(
                    id,
                    (changed, failure) -> {
                        if (failure != null) {
                            back.deletedMeanwhile(id);
                        }
                    });
        }
    }
}
