package io.varve.projections.namespace;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A page of open uploads.
 *
 * @param nextKey the last key or common prefix of this page when there is more; null on the last
 *     page
 * @param nextUpload the last upload of {@code nextKey} on this page; 0 when the page ended in a
 *     common prefix
 */
public record UploadListPage(
        List<Upload> uploads,
        List<String> commonPrefixes,
        @Nullable String nextKey,
        long nextUpload) {
    public UploadListPage {
        uploads = List.copyOf(uploads);
        commonPrefixes = List.copyOf(commonPrefixes);
    }
}
