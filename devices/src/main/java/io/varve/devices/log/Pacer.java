package io.varve.devices.log;

/** Holds background work to a rate. */
@FunctionalInterface
public interface Pacer {
    /** As fast as it goes. */
    Pacer NONE = bytes -> {};

    /** Says that so many bytes were moved; returns when more may be. */
    void moved(long bytes);

    /** At most so many bytes per second, on average over any second. */
    static Pacer of(long bytesPerSecond) {
        return new RatePacer(bytesPerSecond, System::nanoTime);
    }
}
