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
}
