package io.varve.projections.namespace;

import org.jspecify.annotations.Nullable;

/**
 * What of a bucket differs between two moments, key by key.
 *
 * @param prefix only keys that start so; empty for all
 * @param after only keys after this one (exclusive); null from the start
 * @param limit how many differences a page has at the most
 * @param scanLimit how many keys are looked at for a page at the most
 */
public record DiffQuery(
        long bucketId,
        String prefix,
        Moment from,
        Moment to,
        @Nullable String after,
        int limit,
        int scanLimit) {}
