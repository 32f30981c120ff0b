package io.varve.projections.namespace;

import org.jspecify.annotations.Nullable;

/**
 * A page of a bucket in key order (UTF-8 bytes).
 *
 * @param prefix only keys that start so; empty for all
 * @param delimiter keys that hold it after the prefix are rolled up to their common prefix; empty
 *     for none
 * @param after only keys and common prefixes after this one (exclusive); when it is itself a
 *     rolled-up common prefix, all keys under it are skipped; null from the start
 * @param limit how many keys and common prefixes together, at the most; 0 gives an empty page that
 *     is not truncated
 * @param atSeconds what has expired by then is left out, in seconds since the epoch; {@link
 *     #EXPIRED_TOO} leaves out nothing
 */
public record ListQuery(
        long bucketId,
        String prefix,
        String delimiter,
        @Nullable String after,
        int limit,
        long atSeconds) {
    public static final long EXPIRED_TOO = Long.MIN_VALUE;

    public ListQuery(
            long bucketId, String prefix, String delimiter, @Nullable String after, int limit) {
        this(bucketId, prefix, delimiter, after, limit, EXPIRED_TOO);
    }
}
