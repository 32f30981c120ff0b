package io.varve.devices;

import java.util.List;

/**
 * A write that is durable.
 *
 * @param blobId what was written
 * @param copies how many copies are on media
 * @param missingOn devices of the replica set that failed to take theirs; repair owes them
 */
public record BlobWritten(BlobId blobId, int copies, List<Integer> missingOn) {
    public BlobWritten {
        missingOn = List.copyOf(missingOn);
    }

    public boolean degraded() {
        return !missingOn.isEmpty();
    }
}
