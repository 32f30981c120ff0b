package io.varve.endpoint.large;

import io.varve.projections.namespace.ObjectVersion;

/** Bytes that lie together in one place. */
sealed interface Piece {
    long lengthBytes();

    record OfVersion(ObjectVersion version, long offset, long lengthBytes) implements Piece {}

    record Inline(byte[] bytes, int offset, int length) implements Piece {
        @Override
        public long lengthBytes() {
            return length;
        }
    }
}
