package io.varve.endpoint.store;

import io.varve.devices.BlobId;

import java.util.Collection;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Takes bodies in: cuts them into blobs, hashes them, and writes the blobs to the devices. Safe for
 * use by many threads.
 */
final class Intake implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Intake.class.getName());

    private final BufferPool buffers;
    private final Blobs blobs;
    private final Hashing hashing;
    private final int blobsInFlightMax;

    Intake(StoreConfig config, Blobs blobs) {
        this.buffers =
                new BufferPool(
                        config.blobSizeBytes(), config.writeMemoryBytes(), config.memoryWaitMs());
        this.blobs = blobs;
        this.hashing = new Hashing(Runtime.getRuntime().availableProcessors());
        this.blobsInFlightMax = config.blobsInFlightMax();
    }

    /**
     * For one body of that owner.
     *
     * @param poolId where its blobs are to be
     */
    IntakeSession open(byte[] owner, int poolId) {
        return new IntakeSession(buffers, blobs, hashing, blobsInFlightMax, owner, poolId);
    }

    /**
     * Drops blobs that no record will ever name. When that fails they stay as leftovers, which the
     * audit finds: nothing refers to them, so no reader is misled.
     */
    static void drop(Blobs blobs, Collection<BlobId> ids) {
        if (ids.isEmpty()) {
            return;
        }
        try {
            blobs.drop(ids);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "blobs left over for the audit: " + ids);
        }
    }

    BufferPool buffers() {
        return buffers;
    }

    @Override
    public void close() {
        hashing.close();
    }
}
