package io.varve.devices;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Blobs kept in several copies over several devices.
 *
 * <p>Thread: every method may be called from any thread, virtual ones included; reads, and writes
 * while a device's queue is full, park the caller. Futures complete on a device's own thread, so
 * what depends on them without {@code Async} must be short.
 *
 * <p>Durability: a completed write or delete is on media. Failure: operational faults are {@link
 * DeviceException}s, thrown or as the cause in a future. A device that fails is set aside and the
 * pool goes on with the others.
 */
public interface BlobPool extends AutoCloseable {
    /** Most bytes of an owner tag. */
    int MAX_OWNER_TAG_BYTES = 1080;

    /**
     * Writes the copies in parallel. Completes when all are durable, or, with at least {@code
     * minCopies} of them, once the others have failed (not merely lag). Writing an id again that is
     * there already changes nothing and succeeds.
     *
     * <p>The payload must stay as it is until then. Fails with {@link PoolFullException} before
     * anything is written when too few devices have room, and with {@link
     * InsufficientCopiesException} when too few could write; what was written is dropped again.
     *
     * @param ownerTag up to 1080 bytes kept with the blob, for audits; may be empty
     */
    CompletableFuture<BlobWritten> write(BlobId blobId, BlobPayload payload, byte[] ownerTag);

    /**
     * Reads verified bytes from any copy, and from the next one when a copy is missing, damaged or
     * hangs; such a copy is then repaired in the background.
     *
     * @return the bytes put into the target: what remained in it, or fewer at the end of the blob
     * @throws BlobMissingException when no device has the blob
     * @throws BlobDamagedException when some have, but none a good copy that can be read
     */
    int read(BlobId blobId, int offset, ByteBuffer target);

    /**
     * The length of the blob's payload.
     *
     * @throws BlobMissingException when no device that is up has it
     */
    int lengthBytes(BlobId blobId);

    /** The tag the blob was written with, from any good copy; fails as {@link #read} does. */
    byte[] ownerTag(BlobId blobId);

    /** Deletes the blob from every device that has it; deleting what is not there succeeds. */
    CompletableFuture<BlobDeleted> delete(BlobId blobId);

    /** Shows each of its blobs on a device that was there throughout; others may or may not be. */
    void list(int deviceId, BlobVisitor visitor);

    /** Reads every copy of a blob and compares it with its checksums. */
    BlobVerification verify(BlobId blobId);

    /** Copies a good copy to each device of home and target that lacks one. */
    BlobVerification repair(BlobId blobId);

    /**
     * Reads every blob of a device now, in the background, slowly, and has damaged ones repaired.
     */
    CompletableFuture<DeviceScrub> scrub(int deviceId);

    /** Blobs known to have fewer good copies than wanted: repair owes them. Bounded. */
    Set<BlobId> deficits();

    /**
     * Has blobs belong elsewhere from now on: writes go there at once, reads find blobs wherever
     * they are.
     */
    void place(PoolPlacement placement);

    /** One per device of the set the pool is on, by device id. */
    List<DeviceStats> stats();

    /** The identity in a device's label. Absent devices have none: {@link BlobMissingException}. */
    UUID deviceUuid(int deviceId);

    /** Completes the repair under way. What was taken, the devices complete: close them next. */
    @Override
    void close();
}
