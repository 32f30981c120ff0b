package io.varve.projections;

/** One state of a store, whatever is written meanwhile. Safe for many threads until closed. */
public interface ViewSnapshot extends ViewReader, AutoCloseable {
    @Override
    void close();
}
