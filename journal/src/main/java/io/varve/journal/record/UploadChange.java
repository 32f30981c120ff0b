package io.varve.journal.record;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A change to a multipart upload, which is known by the position of the record that started it. */
public sealed interface UploadChange extends Change {

    long bucketId();

    String key();

    /**
     * @param algorithm the checksum the client wants of each part and of the whole; null for none
     * @param checksumType what the whole's checksum covers; null when there is no algorithm
     */
    record StartUpload(
            long bucketId,
            String key,
            Attributes attributes,
            @Nullable ChecksumAlgorithm algorithm,
            @Nullable ChecksumType checksumType)
            implements UploadChange {}

    /** Puts a part, in place of any earlier part of that number (whose blobs are then released). */
    record PutPart(
            long bucketId,
            String key,
            long uploadId,
            int partNumber,
            String etag,
            Manifest manifest,
            List<Checksum> checksums)
            implements UploadChange {
        public PutPart {
            checksums = List.copyOf(checksums);
        }
    }

    /**
     * Makes an object of parts, in ascending part number. Refused when a part is missing or has
     * another ETag, when one but the last is smaller than {@code minPartSizeBytes}, or when the
     * condition does not hold.
     *
     * @param etag the composite ETag of the whole ({@code md5-of-md5s-N}), computed from the parts'
     *     ETags
     * @param checksums of the whole, computed from the parts' checksums
     */
    record CompleteUpload(
            long bucketId,
            String key,
            long uploadId,
            List<PartRef> parts,
            String etag,
            List<Checksum> checksums,
            long minPartSizeBytes,
            Precondition condition)
            implements UploadChange {
        public CompleteUpload {
            parts = List.copyOf(parts);
            checksums = List.copyOf(checksums);
        }
    }

    record AbortUpload(long bucketId, String key, long uploadId) implements UploadChange {}

    /** A part as the client names it when it completes an upload. */
    record PartRef(int partNumber, String etag) {}
}
