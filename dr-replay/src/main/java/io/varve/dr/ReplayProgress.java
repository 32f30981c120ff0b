package io.varve.dr;

/** Told how far a replay has come: at its start, and then after each batch, on its own thread. */
@FunctionalInterface
public interface ReplayProgress {
    void reached(long position, long throughPosition);
}
