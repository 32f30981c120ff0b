package io.varve.dr.replica;

import java.util.Locale;

/** What becomes of a change that was set aside, where the site that leads has changed the same. */
public enum MergeRule {
    /** Of an object, what was written last counts, by the clocks of both sites. */
    NEWEST,

    /** What was set aside comes only where there is nothing. */
    ABSENT,

    /** Objects that were set aside come under names of their own, beside what there is. */
    ASIDE,

    /** What was set aside takes the place of what there is. */
    MINE,

    /** What there is stays, and what was set aside is given up. */
    THEIRS;

    /**
     * @throws IllegalArgumentException when it is none
     */
    public static MergeRule of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
