package io.varve.projections.namespace;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A page of current objects.
 *
 * @param next the last key or common prefix of this page when there is more (what the next query
 *     gives as {@code after}); null on the last page
 */
public record ListPage(
        List<ObjectVersion> objects, List<String> commonPrefixes, @Nullable String next) {
    public ListPage {
        objects = List.copyOf(objects);
        commonPrefixes = List.copyOf(commonPrefixes);
    }

    public boolean truncated() {
        return next != null;
    }
}
