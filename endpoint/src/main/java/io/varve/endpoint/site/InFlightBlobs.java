package io.varve.endpoint.site;

import io.varve.devices.BlobId;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Blobs that this process writes and of which it is not certain yet what becomes of them: named by
 * a record that the view has applied, or dropped. To an audit they are no leftovers, however long
 * their bodies take to arrive. A blob is in here before the first device has it. Safe for use by
 * many threads; some 100 bytes for each blob of the bodies that are on their way.
 */
final class InFlightBlobs {
    private final Set<BlobId> ids = ConcurrentHashMap.newKeySet();

    void begin(BlobId id) {
        ids.add(id);
    }

    void end(BlobId id) {
        ids.remove(id);
    }

    void end(Collection<BlobId> settled) {
        settled.forEach(ids::remove);
    }

    int count() {
        return ids.size();
    }

    /** Shows each that was in here throughout the call. */
    void forEach(Consumer<BlobId> visitor) {
        ids.forEach(visitor);
    }
}
