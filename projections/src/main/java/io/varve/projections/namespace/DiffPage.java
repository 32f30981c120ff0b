package io.varve.projections.namespace;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Differences in key order.
 *
 * @param sameCount keys that were looked at, had an object at one of the moments, and say the same
 * @param next the last key that was looked at when there may be more; null on the last page
 */
public record DiffPage(List<Difference> differences, long sameCount, @Nullable String next) {
    public DiffPage {
        differences = List.copyOf(differences);
    }

    /**
     * A key that reads otherwise.
     *
     * @param before null when there was no object
     * @param after null when there is none
     * @param sameBytes whether both are there and only what they say of themselves differs
     */
    public record Difference(
            String key,
            @Nullable ObjectVersion before,
            @Nullable ObjectVersion after,
            boolean sameBytes) {}
}
