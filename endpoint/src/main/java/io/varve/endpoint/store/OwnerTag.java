package io.varve.endpoint.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Whose blob it is, written beside each copy on the devices so that an audit can say what a blob
 * without a record was meant for. Devices treat it as opaque.
 *
 * <pre>
 *  0        1                 9                 17                25           29
 *  +--------+-----------------+-----------------+-----------------+------------+
 *  | form 1 | bucket id       | key hash        | upload id or 0  | part or 0  |
 *  +--------+-----------------+-----------------+-----------------+------------+
 * </pre>
 *
 * Big-endian; the key hash is FNV-1a (64 bit) over the key's UTF-8.
 */
final class OwnerTag {
    static final int LENGTH_BYTES = 29;

    private static final byte FORM = 1;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private OwnerTag() {}

    static byte[] ofObject(long bucketId, String key) {
        return ofPart(bucketId, key, 0, 0);
    }

    static byte[] ofPart(long bucketId, String key, long uploadId, int partNumber) {
        return ByteBuffer.allocate(LENGTH_BYTES)
                .put(FORM)
                .putLong(bucketId)
                .putLong(keyHash(key))
                .putLong(uploadId)
                .putInt(partNumber)
                .array();
    }

    private static long keyHash(String key) {
        long hash = FNV_OFFSET;
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return hash;
    }
}
