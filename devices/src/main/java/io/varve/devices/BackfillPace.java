package io.varve.devices;

/**
 * How fast blobs are brought to where they belong.
 *
 * @param bytesPerSecond most that is read or written for it per second; 0 = not at all
 * @param busyShare what part of that is left to it while the pool serves requests
 */
public record BackfillPace(long bytesPerSecond, double busyShare) {
    public static final BackfillPace PAUSED = new BackfillPace(0, 1);

    /** A disk's worth when nothing else goes on, and a small part of it beside requests. */
    public static final BackfillPace DEFAULT = new BackfillPace(128L << 20, 0.125);

    /** As fast as it goes. */
    public static final BackfillPace UNLIMITED = new BackfillPace(1L << 50, 1);

    public BackfillPace {
        Requirement.that(
                bytesPerSecond >= 0, "bytesPerSecond must not be negative", bytesPerSecond);
        Requirement.that(busyShare > 0 && busyShare <= 1, "busyShare must be in (0, 1]", busyShare);
    }

    public boolean paused() {
        return bytesPerSecond == 0;
    }
}
