package io.varve.endpoint.site;

/**
 * What the compression of a pool did since the site was opened.
 *
 * @param blobs that were stored compressed
 * @param contentBytes of these
 * @param storedBytes of these, before copies or shards are made
 * @param incompressible blobs that were tried and stored as they are
 */
public record CompressionCounts(
        long blobs, long contentBytes, long storedBytes, long incompressible) {
    static final CompressionCounts NONE = new CompressionCounts(0, 0, 0, 0);

    public long savedBytes() {
        return contentBytes - storedBytes;
    }

    CompressionCounts and(CompressionCounts more) {
        return new CompressionCounts(
                blobs + more.blobs,
                contentBytes + more.contentBytes,
                storedBytes + more.storedBytes,
                incompressible + more.incompressible);
    }
}
