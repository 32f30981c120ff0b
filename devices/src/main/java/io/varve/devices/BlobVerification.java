package io.varve.devices;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a check of all copies of a blob found.
 *
 * @param copies by device id: each device of the replica set, and others that hold a copy
 */
public record BlobVerification(BlobId blobId, Map<Integer, CopyState> copies) {
    public BlobVerification {
        copies = new TreeMap<>(copies);
    }

    public int count(CopyState state) {
        return (int) copies.values().stream().filter(copy -> copy == state).count();
    }
}
