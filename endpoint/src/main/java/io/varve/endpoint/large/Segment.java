package io.varve.endpoint.large;

import org.jspecify.annotations.Nullable;

/** One entry of a static large object's manifest. */
public sealed interface Segment {

    /** How many bytes it gives to the whole. */
    long lengthBytes();

    /** Bytes that stand in the manifest itself. */
    record Inline(byte[] bytes) implements Segment {
        @Override
        public long lengthBytes() {
            return bytes.length;
        }
    }

    /**
     * A segment object, or a range of it.
     *
     * @param sizeBytes of the whole segment object, as it was when the manifest was put
     * @param etag as shown, without quotes
     * @param range as {@code first-last}; null for all of it
     * @param offset where the range begins
     * @param lengthBytes of the range
     * @param large whether it is a static large object itself
     */
    record Stored(
            String bucket,
            String key,
            long sizeBytes,
            String etag,
            String contentType,
            String lastModified,
            @Nullable String range,
            long offset,
            long lengthBytes,
            boolean large)
            implements Segment {}
}
