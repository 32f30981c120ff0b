package io.varve.devices.log;

/** Holds background work to a rate. */
@FunctionalInterface
public interface Pacer {
    /** As fast as it goes. */
    Pacer NONE = bytes -> {};

    /** Says that so many bytes were moved; returns when more may be. */
    void moved(long bytes);

    /**
     * As {@link #moved(long)}, and says how long an access to a device took, for those that hold
     * work to a share of a device's time.
     */
    default void moved(int deviceId, long bytes, long tookNanos) {
        moved(bytes);
    }

    /** At most so many bytes per second, on average over any second. */
    static Pacer of(long bytesPerSecond) {
        return new RatePacer(bytesPerSecond, System::nanoTime);
    }
}
