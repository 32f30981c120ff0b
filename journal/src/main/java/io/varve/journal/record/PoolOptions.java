package io.varve.journal.record;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a pool has beside the usual.
 *
 * @param otherNames further names by which clients may ask for it; refused when another pool has
 *     one of them
 * @param copiedBytesMax beside fragments, blobs up to that length are kept as whole copies; null
 *     for the usual length
 * @param closed whether it takes no more blobs: what a record brings to it is refused
 */
public record PoolOptions(
        List<String> otherNames, @Nullable Integer copiedBytesMax, boolean closed) {
    public static final PoolOptions NONE = new PoolOptions(List.of(), null, false);

    public PoolOptions {
        otherNames = List.copyOf(otherNames);
    }

    public PoolOptions withClosed(boolean whether) {
        return new PoolOptions(otherNames, copiedBytesMax, whether);
    }
}
