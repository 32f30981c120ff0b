package io.varve.placement;

/**
 * The switches of the algorithm. Two maps that differ only here place data differently.
 *
 * @param chooseLocalTries retries in the same domain after a collision, before a new descent
 * @param chooseLocalFallbackTries further retries there by permutation
 * @param chooseTotalTries descents per replica, less one
 * @param chooseleafDescendOnce a failed leaf descent restarts from the top at once
 * @param chooseleafVaryR whether, and how fast, the leaf descent follows the outer retries: 0 not
 *     at all, n shifts by n-1
 * @param chooseleafStable a replica's leaf does not depend on the replica's place in the set
 * @param strawCalcVersion how straw lengths come from weights: 0 the flawed way, 1 the corrected
 * @param allowedKinds bit mask of selection kinds that tools may create; placement ignores it
 */
public record Tunables(
        int chooseLocalTries,
        int chooseLocalFallbackTries,
        int chooseTotalTries,
        boolean chooseleafDescendOnce,
        int chooseleafVaryR,
        boolean chooseleafStable,
        int strawCalcVersion,
        int allowedKinds) {
    /** What holds where the text form names nothing: the oldest profile. */
    public static final Tunables ARGONAUT = new Tunables(2, 5, 19, false, 0, false, 0, 22);

    /** The profile for new maps. */
    public static final Tunables JEWEL = new Tunables(0, 0, 50, true, 1, true, 1, 54);

    /** Above any sensible value, and low enough that one mapping always ends. */
    static final int TRIES_MAX = 1_000_000;

    static final int VARY_R_MAX = 31;
    static final int BYTE_MAX = 255;

    public Tunables {
        check("choose_local_tries", chooseLocalTries, TRIES_MAX);
        check("choose_local_fallback_tries", chooseLocalFallbackTries, TRIES_MAX);
        check("choose_total_tries", chooseTotalTries, TRIES_MAX);
        check("chooseleaf_vary_r", chooseleafVaryR, VARY_R_MAX);
        check("straw_calc_version", strawCalcVersion, BYTE_MAX);
        check("allowed_bucket_algs", allowedKinds, Integer.MAX_VALUE);
    }

    private static void check(String name, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(
                    "tunable " + name + " must be 0 to " + max + ", not " + value);
        }
    }
}
