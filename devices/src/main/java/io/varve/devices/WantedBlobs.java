package io.varve.devices;

import java.util.function.Consumer;

/** What the journal says should exist in a pool: all that an audit asks of it. */
@FunctionalInterface
public interface WantedBlobs {
    /**
     * Shows every blob that should exist at some moment after the call; one that comes or goes
     * meanwhile may or may not be shown, and any may be shown more than once. Called several times
     * in an audit.
     */
    void forEach(Consumer<BlobId> visitor);

    /**
     * As {@link #forEach(Consumer)}, and shows beside them what may exist and need not: blobs that
     * are on their way to be named, and those that are about to be dropped. A blob that is written,
     * then named, then given up and dropped is shown throughout: so what is on its way is asked for
     * first, and the rest is of one moment after that.
     *
     * @param tolerated neither a leftover when it is there, nor missing when it is not
     */
    default void forEach(Consumer<BlobId> visitor, Consumer<BlobId> tolerated) {
        forEach(visitor);
    }
}
