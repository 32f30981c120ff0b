package io.varve.devices.compress;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.WriteLimits;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How the payload of a compressed blob is laid out. Little-endian.
 *
 * <pre>
 *    0    +-------+-------+---------------+
 *         |version| method| zeros         |  method 1 = zstd
 *    4    +-------+-------+---------------+
 *         | length of the content         |
 *    8    +-------------------------------+
 *         | stored length of each chunk   |  4 bytes for each 64 KiB of content
 *         +-------------------------------+
 *         | chunk, chunk, ...             |
 *         +-------------------------------+
 * </pre>
 *
 * Each chunk is 64 KiB of content, the last one what is left, and compressed by itself; one that
 * would not get smaller is stored as it is, which its stored length tells.
 *
 * @param contentBytes length of the content
 * @param ends where each chunk ends in the payload; not to be changed
 */
record CompressedForm(int contentBytes, int[] ends) {
    static final int CHUNK_BYTES = 64 << 10;
    static final byte VERSION = 1;
    static final byte METHOD_ZSTD = 1;
    static final int CONTENT_OFFSET = 4;
    static final int TABLE_OFFSET = 8;

    static int chunkCount(int contentBytes) {
        return (int) ((contentBytes + (CHUNK_BYTES - 1L)) / CHUNK_BYTES);
    }

    static int headBytes(int contentBytes) {
        return TABLE_OFFSET + chunkCount(contentBytes) * Integer.BYTES;
    }

    /** The content's length by the first bytes of a payload. */
    static int contentBytes(ByteBuffer head) {
        ByteBuffer bytes = head.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        require(bytes.remaining() >= TABLE_OFFSET, "it is too short");
        int at = bytes.position();
        require(
                bytes.get(at) == VERSION && bytes.get(at + 1) == METHOD_ZSTD,
                "its form is unknown");
        int length = bytes.getInt(at + CONTENT_OFFSET);
        require(length > 0 && length <= WriteLimits.MAX_BLOB_BYTES, "its length cannot be");
        return length;
    }

    /** Reads the whole head, which is what remains of the buffer or more is. */
    static CompressedForm read(ByteBuffer head) {
        int content = contentBytes(head);
        int headBytes = headBytes(content);
        require(head.remaining() >= headBytes, "its table is cut off");
        ByteBuffer bytes = head.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int table = bytes.position() + TABLE_OFFSET;
        int[] ends = new int[chunkCount(content)];
        int end = headBytes;
        for (int i = 0; i < ends.length; i++) {
            int stored = bytes.getInt(table + i * Integer.BYTES);
            require(stored > 0 && stored <= CHUNK_BYTES, "its table is wrong");
            end = Math.addExact(end, stored);
            ends[i] = end;
        }
        return new CompressedForm(content, ends);
    }

    int start(int chunk) {
        return chunk == 0 ? headBytes(contentBytes) : ends[chunk - 1];
    }

    int end(int chunk) {
        return ends[chunk];
    }

    /** How much content a chunk has. */
    int chunkBytes(int chunk) {
        return Math.min(CHUNK_BYTES, contentBytes - chunk * CHUNK_BYTES);
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            // The devices' checksums matched, so it was written like this, or is no such blob.
            throw new BlobDamagedException("a compressed blob cannot be read: " + problem);
        }
    }

    @Override
    public String toString() {
        return "CompressedForm[contentBytes=%d, chunks=%d]".formatted(contentBytes, ends.length);
    }
}
