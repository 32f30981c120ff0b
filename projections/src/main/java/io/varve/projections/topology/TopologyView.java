package io.varve.projections.topology;

/** Where blobs are kept, as of every change that was answered. Safe for many threads. */
public interface TopologyView {
    Topology current();

    /**
     * Runs something after each change, on the thread that applies records: it must be short and
     * must not wait for anything. Changes close to each other may come as one.
     */
    void onChange(Runnable listener);
}
