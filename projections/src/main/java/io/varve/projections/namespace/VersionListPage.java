package io.varve.projections.namespace;

import io.varve.journal.record.VersionId;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A page of versions.
 *
 * @param versions with, for each, whether it is the latest of its key
 * @param nextKey the last key or common prefix of this page when there is more; null on the last
 *     page
 * @param nextVersion the last version of {@code nextKey} on this page; null when the page ended in
 *     a common prefix or is the last
 */
public record VersionListPage(
        List<ListedVersion> versions,
        List<String> commonPrefixes,
        @Nullable String nextKey,
        @Nullable VersionId nextVersion) {
    public VersionListPage {
        versions = List.copyOf(versions);
        commonPrefixes = List.copyOf(commonPrefixes);
    }

    /**
     * @param latest whether a plain read of the key sees this one (or, for a delete marker, is
     *     hidden by it)
     */
    public record ListedVersion(ObjectVersion version, boolean latest) {}
}
