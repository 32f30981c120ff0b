package io.varve.devices;

/**
 * How fast blobs are brought to where they belong.
 *
 * @param bytesPerSecond most that is read or written for it per second; 0 = not at all
 * @param busyShare what part of that is left to it while the pool serves requests
 * @param deviceShare how much of the time of each device it may take meanwhile
 */
public record BackfillPace(long bytesPerSecond, double busyShare, double deviceShare) {
    /** An eighth of the rate is little for fast devices, and may be all that a slow one has. */
    public static final double DEFAULT_DEVICE_SHARE = 0.25;

    public static final BackfillPace PAUSED = new BackfillPace(0, 1);

    /** A disk's worth when nothing else goes on, and a small part of it beside requests. */
    public static final BackfillPace DEFAULT =
            new BackfillPace(128L << 20, 0.125, DEFAULT_DEVICE_SHARE);

    /** As fast as it goes. */
    public static final BackfillPace UNLIMITED = new BackfillPace(1L << 50, 1);

    public BackfillPace {
        Requirement.that(
                bytesPerSecond >= 0, "bytesPerSecond must not be negative", bytesPerSecond);
        Requirement.that(busyShare > 0 && busyShare <= 1, "busyShare must be in (0, 1]", busyShare);
        Requirement.that(
                deviceShare > 0 && deviceShare <= 1, "deviceShare must be in (0, 1]", deviceShare);
    }

    /** Whatever time of the devices it takes. */
    public BackfillPace(long bytesPerSecond, double busyShare) {
        this(bytesPerSecond, busyShare, 1);
    }

    public BackfillPace withDeviceShare(double share) {
        return new BackfillPace(bytesPerSecond, busyShare, share);
    }

    public boolean paused() {
        return bytesPerSecond == 0;
    }
}
