package io.varve.projections.namespace;

import io.varve.journal.record.Manifest;

/**
 * Where the bytes of a version or part are, as its row says it. Content is the unit of sharing:
 * copies refer to the same, and it lives until the last of them is forgotten.
 */
sealed interface Content {

    /** No bytes, nothing to share. */
    record None() implements Content {
        @Override
        public long id() {
            return 0;
        }
    }

    /** A manifest in the row itself. */
    record Inline(long id, Manifest manifest) implements Content {}

    /** A manifest in rows of its own. */
    record Chunked(long id) implements Content {}

    /**
     * The parts of an upload, which stay where they were put.
     *
     * @param id the upload
     */
    record Parts(long id) implements Content {}

    Content NONE = new None();

    /** Manifests of more blobs are not kept in the row. */
    int INLINE_BLOB_COUNT_MAX = 4;

    /** The position of the record that introduced it; 0 for {@link None}. */
    long id();
}
