package io.varve.endpoint.store;

import io.varve.devices.BlobId;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/**
 * The devices as the store sees them: blobs written, read and dropped by id. Safe for use by many
 * threads.
 */
public interface Blobs {

    /**
     * Writes the copies of a new blob. The future completes with its id once enough copies are on
     * stable media, or with a {@link StoreException}, and then nothing is left of it; from then on
     * the content belongs to the caller again. Never throws.
     *
     * @param poolId where it is to be
     * @param content from its position to its limit; must not change until the future completes
     * @param owner whose blob it is, opaque to the devices
     */
    CompletableFuture<BlobId> write(int poolId, ByteBuffer content, byte[] owner);

    /** The pools that there are. */
    default StorageClasses classes() {
        return StorageClasses.STANDARD;
    }

    /**
     * Says of blobs that were written what is certain now: that a record names them and the view
     * has applied it, or that they were dropped. Until then, for ever if need be, an audit does not
     * take them for leftovers.
     */
    default void settled(Collection<BlobId> ids) {}

    /**
     * Fills what remains of the target with a blob's bytes from an offset on, every one verified,
     * from any good copy. Blocks.
     *
     * @throws StoreException when no good copy can be read
     */
    void read(BlobId id, int offset, ByteBuffer target);

    /**
     * What a blob was written with as its owner. Blocks.
     *
     * @throws StoreException when no good copy can be read
     */
    byte[] owner(BlobId id);

    /**
     * Drops every copy of these blobs that can be reached; a blob that is not there counts as
     * dropped. A copy on a device that is away stays for the audit.
     */
    void drop(Collection<BlobId> ids);
}
