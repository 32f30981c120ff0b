package io.varve.endpoint.site;

import io.varve.devices.BlobId;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Blobs that this process writes and of which it is not certain yet what becomes of them: named by
 * a record that the view has applied, or dropped. To an audit they are no leftovers, however long
 * their bodies take to arrive. A blob is in here before the first device has it. Safe for use by
 * many threads; some 100 bytes for each blob of the bodies that are on their way.
 */
final class InFlightBlobs {
    /** With when they began. */
    private final Map<BlobId, Long> ids = new ConcurrentHashMap<>();

    void begin(BlobId id) {
        ids.put(id, System.nanoTime());
    }

    void end(BlobId id) {
        ids.remove(id);
    }

    void end(Collection<BlobId> settled) {
        settled.forEach(ids::remove);
    }

    /** How long ago it began; 0 for one that is not in here. */
    long ageNanos(BlobId id) {
        Long began = ids.get(id);
        return began == null ? 0 : System.nanoTime() - began;
    }

    int count() {
        return ids.size();
    }

    /** Shows each that was in here throughout the call. */
    void forEach(Consumer<BlobId> visitor) {
        ids.keySet().forEach(visitor);
    }
}
