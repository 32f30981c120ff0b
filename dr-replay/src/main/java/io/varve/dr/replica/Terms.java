package io.varve.dr.replica;

/**
 * Terms of leadership: the upper half of a writer epoch. The journal counts the lower half up at
 * each start of a site; taking the lead over from another site begins a new term, so that whatever
 * the overtaken site appends afterwards, however often it is started, is of an older epoch.
 */
public final class Terms {
    private static final int TERM_SHIFT = 32;

    private Terms() {}

    public static long of(long writerEpoch) {
        return writerEpoch >>> TERM_SHIFT;
    }

    /** The first writer epoch of a term. */
    public static long firstEpoch(long term) {
        return term << TERM_SHIFT;
    }
}
