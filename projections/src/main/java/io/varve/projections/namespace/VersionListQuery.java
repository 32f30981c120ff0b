package io.varve.projections.namespace;

import io.varve.journal.record.VersionId;

import org.jspecify.annotations.Nullable;

/**
 * A page of all versions and delete markers, by key (UTF-8 bytes), newest first within a key.
 *
 * @param keyMarker start after this key, or within it when {@code versionMarker} is given; null
 *     from the start
 * @param versionMarker start after this version of {@code keyMarker}; null to start after the whole
 *     key
 */
public record VersionListQuery(
        long bucketId,
        String prefix,
        String delimiter,
        @Nullable String keyMarker,
        @Nullable VersionId versionMarker,
        int limit) {}
