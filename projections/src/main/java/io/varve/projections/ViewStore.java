package io.varve.projections;

import java.util.List;

/**
 * The rows of a view: an ordered key-value store. Reads may come from many threads; writes come
 * from one, the one that folds.
 *
 * <p>Durability is lazy: after a crash the store holds the state of some earlier {@link #write},
 * whole, and the journal is replayed from there ({@link Checkpoint}). A read outside a snapshot
 * sees the last write. Faults are {@link ViewException}; rows that fail their checksum are {@link
 * ViewDamagedException}.
 */
public interface ViewStore extends ViewReader, AutoCloseable {

    ViewSnapshot snapshot();

    /** Makes all the changes visible, and later durable, at once. Each key occurs once. */
    void write(List<RowChange> changes);

    /** Begins to bring what was written to media, and returns. */
    void startFlush();

    /** Brings what was written to media, then returns. */
    void flush();

    /** Waits for open cursors and snapshots to be closed, flushes, and lets go of the store. */
    @Override
    void close();
}
