package io.varve.endpoint.store;

import io.varve.journal.record.BlobRef;

/** A range within one blob; never empty. */
record BlobRange(BlobRef blob, int offset, int lengthBytes) {
    BlobRange {
        if (offset < 0 || lengthBytes <= 0 || offset + (long) lengthBytes > blob.lengthBytes()) {
            throw new IllegalArgumentException(
                    "range outside of its blob: offset=%d, length=%d, blob=%d"
                            .formatted(offset, lengthBytes, blob.lengthBytes()));
        }
    }

    boolean wholeBlob() {
        return lengthBytes == blob.lengthBytes();
    }
}
