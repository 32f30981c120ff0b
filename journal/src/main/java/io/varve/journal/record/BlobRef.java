package io.varve.journal.record;

/**
 * One blob of a manifest.
 *
 * @param idHigh the upper 64 bits of the blob id
 * @param idLow the lower 64 bits of the blob id
 * @param crc32c of the whole blob, as the endpoint computed it while receiving
 */
public record BlobRef(long idHigh, long idLow, int lengthBytes, int crc32c) {
    public BlobRef {
        if (lengthBytes <= 0) {
            throw new IllegalArgumentException("blob length is not positive: " + lengthBytes);
        }
    }
}
