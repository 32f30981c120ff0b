package io.varve.devices;

/**
 * From when on devices count as nearly full, and as full.
 *
 * @param nearFull share of a device's room, in (0, 1]
 * @param full the same; at least {@code nearFull}
 */
public record FillLimits(double nearFull, double full) {
    /**
     * At 85 % it is time to order drives. At 95 % compaction already writes twenty bytes for one
     * that it wins, and what is left is needed to restore copies when another device fails.
     */
    public static final FillLimits DEFAULT = new FillLimits(0.85, 0.95);

    /** Only a device without any room is full. */
    public static final FillLimits OFF = new FillLimits(1, 1);

    public FillLimits {
        Requirement.that(nearFull > 0 && nearFull <= full, "nearFull is in (0, full]", nearFull);
        Requirement.that(full <= 1, "full must be at most 1", full);
    }

    /** What may still be written to a device until it is full; MAX_VALUE when it never is. */
    public long leftBytes(DeviceStats device) {
        return full < 1
                ? Math.max(0, (long) (full * device.capacityBytes()) - device.usedBytes())
                : Long.MAX_VALUE;
    }

    /** As {@link #OFF} has it, no device is: then what has no room left shows when written to. */
    public Fullness of(DeviceStats device) {
        double share = device.usedShare();
        if (full < 1 && share >= full) {
            return Fullness.FULL;
        }
        return nearFull < 1 && share >= nearFull ? Fullness.NEAR_FULL : Fullness.ROOMY;
    }
}
