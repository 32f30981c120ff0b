package io.varve.placement;

/**
 * How blobs are grouped for placement: blob id, to placement group, to the input of a CRUSH rule.
 * Blobs of one group share one replica set, so only as many mappings exist as there are groups.
 *
 * <p>When the number of groups grows, a blob stays in its group or moves into one of the new ones;
 * with a power of two all groups are of equal expected size.
 *
 * @param count how many groups, 1 to {@link #COUNT_MAX}
 * @param poolId makes the groups of one pool land on other devices than the same groups of another
 */
public record PlacementGroups(int count, int poolId) {
    public static final int COUNT_MAX = 1 << 20;

    public PlacementGroups {
        if (count < 1 || count > COUNT_MAX) {
            throw new IllegalArgumentException(
                    "placement group count must be 1 to " + COUNT_MAX + ", not " + count);
        }
    }

    /** The group of a blob id, given as its two halves: 0 to count - 1. */
    public int groupOf(long idHigh, long idLow) {
        int hash =
                Rjenkins.hash(
                        (int) (idHigh >>> Integer.SIZE),
                        (int) idHigh,
                        (int) (idLow >>> Integer.SIZE),
                        (int) idLow);
        return stableModulo(hash, count);
    }

    /** The input x that stands for a group in {@link CrushMap#map}. */
    public int input(int group) {
        return Rjenkins.hash(group, poolId);
    }

    /**
     * Reduces a hash to a number below count, such that raising the count by one moves hashes out
     * of one number only.
     */
    static int stableModulo(int hash, int count) {
        int mask = Integer.highestOneBit(count - 1) * 2 - 1;
        if (count == 1) {
            return 0;
        }
        int reduced = hash & mask;
        return reduced < count ? reduced : hash & (mask >> 1);
    }
}
