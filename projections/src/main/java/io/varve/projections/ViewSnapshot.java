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

    /**
     * As {@link #scan}, for a pass over much of the store: what it reads is not kept in memory at
     * the cost of what others read again and again.
     */
    default ViewCursor sweep(byte[] from, byte @Nullable [] to) {
        return scan(from, to);
    }

    @Override
    void close();
}
