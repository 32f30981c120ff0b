package io.varve.placement;

import org.jspecify.annotations.Nullable;

/** One step of a {@link CrushRule}. */
public sealed interface RuleStep {
    /**
     * Starts from one item.
     *
     * @param itemId a device or failure domain
     * @param deviceClass when not null, only devices of this class below the domain count
     */
    record Take(int itemId, @Nullable String deviceClass) implements RuleStep {}

    /**
     * Picks items below each item of the working set, which they replace.
     *
     * @param mode what happens to a place that cannot be filled
     * @param toLeaf descend from each picked item on to one device
     * @param count how many; 0 means as many as replicas are wanted, -n means n fewer than that
     * @param typeId the level of the items to pick
     */
    record Choose(Mode mode, boolean toLeaf, int count, int typeId) implements RuleStep {}

    /** Changes a tunable for the steps that follow. */
    record Set(Setting setting, int value) implements RuleStep {}

    /** Appends the working set to the result and empties it. */
    record Emit() implements RuleStep {}

    /** What happens to a place in the result that cannot be filled. */
    enum Mode {
        /** The later ones move up: for replicas, which are all alike. */
        FIRSTN("firstn"),
        /** It stays as a hole, so the others keep their places: for erasure-coded fragments. */
        INDEP("indep");

        private final String text;

        Mode(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** What a {@link Set} step changes. */
    enum Setting {
        CHOOSE_TRIES("set_choose_tries"),
        CHOOSELEAF_TRIES("set_chooseleaf_tries"),
        CHOOSE_LOCAL_TRIES("set_choose_local_tries"),
        CHOOSE_LOCAL_FALLBACK_TRIES("set_choose_local_fallback_tries"),
        CHOOSELEAF_VARY_R("set_chooseleaf_vary_r"),
        CHOOSELEAF_STABLE("set_chooseleaf_stable");

        private final String text;

        Setting(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }
}
