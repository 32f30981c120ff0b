package io.varve.projections.namespace;

import org.jspecify.annotations.Nullable;

/**
 * What differs, key by key, between two moments of a bucket, or between two buckets at a moment
 * each.
 *
 * @param prefix only keys that start so; empty for all
 * @param after only keys after this one (exclusive); null from the start
 * @param limit how many differences a page has at the most
 * @param scanLimit how many keys are looked at for a page at the most
 */
public record DiffQuery(
        Side from, Side to, String prefix, @Nullable String after, int limit, int scanLimit) {

    /**
     * A bucket at a moment. A bucket that never was has no keys.
     *
     * @param bucketId 0 for none
     */
    public record Side(long bucketId, Moment moment) {}

    /** Between two moments of one bucket. */
    public DiffQuery(
            long bucketId,
            String prefix,
            Moment from,
            Moment to,
            @Nullable String after,
            int limit,
            int scanLimit) {
        this(new Side(bucketId, from), new Side(bucketId, to), prefix, after, limit, scanLimit);
    }

    /** The same, of the keys behind another. */
    public DiffQuery after(@Nullable String key) {
        return new DiffQuery(from, to, prefix, key, limit, scanLimit);
    }
}
