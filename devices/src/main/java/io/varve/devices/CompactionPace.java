package io.varve.devices;

/**
 * When and how fast segments are compacted.
 *
 * @param deadRatio share of dead bytes from which a sealed segment is worth compacting
 * @param bytesPerSecond most that is read per second while space is not short
 */
public record CompactionPace(double deadRatio, long bytesPerSecond) {
    public static final CompactionPace DEFAULT = new CompactionPace(0.3, 32L << 20);

    public CompactionPace {
        Requirement.that(deadRatio > 0 && deadRatio <= 1, "deadRatio must be in (0, 1]", deadRatio);
        Requirement.that(bytesPerSecond > 0, "bytesPerSecond must be positive", bytesPerSecond);
    }
}
