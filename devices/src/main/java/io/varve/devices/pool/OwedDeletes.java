package io.varve.devices.pool;

import io.varve.devices.BlobDeleted;
import io.varve.devices.BlobId;

import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Blobs that were deleted while a device that may have a copy could not be asked: when it is back
 * the copy must go, not be taken for one that the others lack. Bounded, and not kept over a
 * restart: what is forgotten here an audit finds, before which {@link CopyTrust} has it copied
 * nowhere. Safe for use by many threads.
 */
final class OwedDeletes {
    private static final int MAX_OWED = 1_000_000;

    private final Set<BlobId> owed = ConcurrentHashMap.newKeySet();

    boolean contains(BlobId blobId) {
        return !owed.isEmpty() && owed.contains(blobId);
    }

    /**
     * @param deleted null when it failed as a whole: it will be asked for again
     */
    void settle(@Nullable BlobDeleted deleted) {
        if (deleted == null) {
            return;
        }
        if (deleted.failedOn().isEmpty()) {
            if (!owed.isEmpty()) {
                owed.remove(deleted.blobId());
            }
        } else if (owed.size() < MAX_OWED) {
            owed.add(deleted.blobId());
        }
    }
}
