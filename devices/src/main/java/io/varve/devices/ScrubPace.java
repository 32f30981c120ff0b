package io.varve.devices;

import java.time.Duration;

/**
 * When devices are scrubbed, one after the other, and how fast.
 *
 * @param lightPeriod how often the heads of all records are read; zero = never
 * @param deepPeriod how often every byte is; zero = never
 * @param bytesPerSecond most that is read for it per second; a record that is only looked at counts
 *     as a block
 * @param busyShare what part of that is left to it while the pool serves requests
 * @param deviceShare how much of the time of a device it may take meanwhile
 */
public record ScrubPace(
        Duration lightPeriod,
        Duration deepPeriod,
        long bytesPerSecond,
        double busyShare,
        double deviceShare) {
    /** Every day and every other week: a drive of 4 TB takes a day and a half of reading then. */
    public static final ScrubPace DEFAULT =
            new ScrubPace(
                    Duration.ofDays(1),
                    Duration.ofDays(14),
                    32L << 20,
                    0.25,
                    BackfillPace.DEFAULT_DEVICE_SHARE);

    public static final ScrubPace NEVER = new ScrubPace(Duration.ZERO, Duration.ZERO, 1L << 50, 1);

    public ScrubPace {
        Requirement.that(
                !lightPeriod.isNegative(), "lightPeriod must not be negative", lightPeriod);
        Requirement.that(!deepPeriod.isNegative(), "deepPeriod must not be negative", deepPeriod);
        Requirement.that(bytesPerSecond > 0, "bytesPerSecond must be positive", bytesPerSecond);
        Requirement.that(busyShare > 0 && busyShare <= 1, "busyShare must be in (0, 1]", busyShare);
    }

    /** Whatever time of the devices it takes. */
    public ScrubPace(
            Duration lightPeriod, Duration deepPeriod, long bytesPerSecond, double busyShare) {
        this(lightPeriod, deepPeriod, bytesPerSecond, busyShare, 1);
    }

    public Duration period(ScrubMode mode) {
        return switch (mode) {
            case LIGHT -> lightPeriod;
            case DEEP -> deepPeriod;
        };
    }
}
