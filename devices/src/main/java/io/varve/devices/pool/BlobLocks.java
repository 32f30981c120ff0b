package io.varve.devices.pool;

import io.varve.devices.BlobId;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps repairs of a blob apart from each other and from its deletes. Any thread.
 *
 * <p>A repair must not bring back what is being deleted. So each first says that it is there and
 * then looks for the other: a delete marks the blob before it looks for repairs, a repair marks it
 * before it looks for deletes; a repair that was overtaken drops what it wrote.
 */
final class BlobLocks {
    private final Map<BlobId, Boolean> overtaken = new ConcurrentHashMap<>();
    private final Map<BlobId, Integer> deleting = new ConcurrentHashMap<>();

    void deleteBegins(BlobId blobId) {
        deleting.merge(blobId, 1, Integer::sum);
        overtaken.computeIfPresent(blobId, (id, before) -> true);
    }

    void deleteEnded(BlobId blobId) {
        deleting.computeIfPresent(blobId, (id, count) -> count == 1 ? null : count - 1);
    }

    boolean isBeingDeleted(BlobId blobId) {
        return deleting.containsKey(blobId);
    }

    /** False when another repair of the blob is under way. */
    boolean repairBegins(BlobId blobId) {
        return overtaken.putIfAbsent(blobId, false) == null;
    }

    /** Whether a delete of the blob began after its repair. */
    boolean isOvertaken(BlobId blobId) {
        return Boolean.TRUE.equals(overtaken.get(blobId));
    }

    void repairEnded(BlobId blobId) {
        overtaken.remove(blobId);
    }
}
