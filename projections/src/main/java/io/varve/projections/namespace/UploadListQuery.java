package io.varve.projections.namespace;

import org.jspecify.annotations.Nullable;

/**
 * A page of open uploads, by key (UTF-8 bytes), oldest first within a key.
 *
 * @param keyMarker start after this key, or within it after {@code uploadMarker} when that is not
 *     0; null from the start
 */
public record UploadListQuery(
        long bucketId,
        String prefix,
        String delimiter,
        @Nullable String keyMarker,
        long uploadMarker,
        int limit) {}
