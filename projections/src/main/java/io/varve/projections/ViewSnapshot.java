package io.varve.projections;

import org.jspecify.annotations.Nullable;

/** One state of a store, whatever is written meanwhile. Safe for many threads until closed. */
public interface ViewSnapshot extends ViewReader, AutoCloseable {
    /**
     * Walks the rows of a range backwards: the cursor starts on the last row, {@code next} goes to
     * the one before, and {@code seek} to the last row before a key, which must not lie behind the
     * present one.
     *
     * @param to the end of the range, exclusive; null for the end of the store
     */
    ViewCursor scanBack(byte[] from, byte @Nullable [] to);

    @Override
    void close();
}
