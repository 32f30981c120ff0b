package io.varve.endpoint.store;

import io.varve.devices.BlobId;

import java.util.Collection;
import java.util.function.LongSupplier;
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
    private final WriteIds writeIds;

    /**
     * @param clockMillis what bodies are dated by on the devices
     */
    Intake(StoreConfig config, Blobs blobs, LongSupplier clockMillis) {
        this.writeIds = new WriteIds(clockMillis);
        this.buffers =
                new BufferPool(
                        config.blobSizeBytes(), config.writeMemoryBytes(), config.memoryWaitMs());
        this.blobs = blobs;
        this.hashing = new Hashing(Runtime.getRuntime().availableProcessors());
        this.blobsInFlightMax = config.blobsInFlightMax();
    }

    /**
     * For one body.
     *
     * @param poolId where its blobs are to be
     */
    IntakeSession open(OwnerTag.Body owner, int poolId) {
        return new IntakeSession(
                buffers, blobs, hashing, blobsInFlightMax, owner, writeIds.next(), poolId);
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
