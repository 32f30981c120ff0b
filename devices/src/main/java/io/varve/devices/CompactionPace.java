package io.varve.devices;

/**
 * When and how fast segments are compacted. A sealed segment is, once it is dead to that share or,
 * if that is less, to the share which the room left on the device asks for: see the compactor.
 *
 * @param deadRatio share of dead bytes from which a segment is compacted whatever room there is; 1
 *     leaves it to the room
 * @param bytesPerSecond most that is read per second while space is not short
 */
public record CompactionPace(double deadRatio, long bytesPerSecond) {
    public static final CompactionPace DEFAULT = new CompactionPace(1, 32L << 20);

    public CompactionPace {
        Requirement.that(deadRatio > 0 && deadRatio <= 1, "deadRatio must be in (0, 1]", deadRatio);
        Requirement.that(bytesPerSecond > 0, "bytesPerSecond must be positive", bytesPerSecond);
    }
}
