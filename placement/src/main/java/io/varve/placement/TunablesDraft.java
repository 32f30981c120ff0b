package io.varve.placement;

import java.util.LinkedHashMap;
import java.util.Map;

/** Tunables as a text sets them, one by one, over the oldest profile. Single-use. */
final class TunablesDraft {
    private static final String LOCAL_TRIES = "choose_local_tries";
    private static final String FALLBACK_TRIES = "choose_local_fallback_tries";
    private static final String TOTAL_TRIES = "choose_total_tries";
    private static final String DESCEND_ONCE = "chooseleaf_descend_once";
    private static final String VARY_R = "chooseleaf_vary_r";
    private static final String STABLE = "chooseleaf_stable";
    private static final String STRAW_CALC = "straw_calc_version";
    private static final String ALLOWED_KINDS = "allowed_bucket_algs";

    private final Map<String, Integer> values = all(Tunables.ARGONAUT);

    /** Every tunable with its value, in the order of the text form. */
    static Map<String, Integer> all(Tunables tunables) {
        Map<String, Integer> values = new LinkedHashMap<>();
        values.put(LOCAL_TRIES, tunables.chooseLocalTries());
        values.put(FALLBACK_TRIES, tunables.chooseLocalFallbackTries());
        values.put(TOTAL_TRIES, tunables.chooseTotalTries());
        values.put(DESCEND_ONCE, tunables.chooseleafDescendOnce() ? 1 : 0);
        values.put(VARY_R, tunables.chooseleafVaryR());
        values.put(STABLE, tunables.chooseleafStable() ? 1 : 0);
        values.put(STRAW_CALC, tunables.strawCalcVersion());
        values.put(ALLOWED_KINDS, tunables.allowedKinds());
        return values;
    }

    void set(String name, TokenReader in, int line) {
        if (!values.containsKey(name)) {
            throw new CrushMapException(line, "no such tunable: " + name);
        }
        values.put(name, in.integer("tunable " + name, 0, max(name)));
    }

    Tunables finish() {
        return new Tunables(
                value(LOCAL_TRIES),
                value(FALLBACK_TRIES),
                value(TOTAL_TRIES),
                value(DESCEND_ONCE) != 0,
                value(VARY_R),
                value(STABLE) != 0,
                value(STRAW_CALC),
                value(ALLOWED_KINDS));
    }

    private int value(String name) {
        Integer value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("no tunable " + name);
        }
        return value;
    }

    private static int max(String name) {
        return switch (name) {
            case VARY_R -> Tunables.VARY_R_MAX;
            case DESCEND_ONCE, STABLE, STRAW_CALC -> Tunables.BYTE_MAX;
            case ALLOWED_KINDS -> Integer.MAX_VALUE;
            default -> Tunables.TRIES_MAX;
        };
    }
}
