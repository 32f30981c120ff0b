package io.varve.projections;

import org.jspecify.annotations.Nullable;

/**
 * Reads rows in key order ({@link KeyOrder}). The arrays handed in and out are not copied: neither
 * side may change them.
 */
public interface ViewReader {

    /** The value of a key; null when there is none. */
    byte @Nullable [] get(byte[] key);

    /**
     * Walks the rows of a range, forward, as they were when the call was made.
     *
     * @param to the end of the range, exclusive; null for the end of the store
     */
    ViewCursor scan(byte[] from, byte @Nullable [] to);
}
