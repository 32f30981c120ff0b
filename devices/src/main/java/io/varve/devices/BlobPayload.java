package io.varve.devices;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The bytes of a blob on their way to the devices, with the checksum of each block. Both are made
 * once, by the caller's thread, and shared by all copies.
 *
 * <p>Nothing is copied here: the bytes must not change until the write they are used in is
 * complete.
 */
public final class BlobPayload {
    /**
     * What one checksum covers: a range read verifies what it returns, rounded to this, no more.
     */
    public static final int CHECKSUM_BLOCK_BYTES = 4096;

    private final List<ByteBuffer> parts;
    private final int[] blockCrcs;
    private final int lengthBytes;

    private BlobPayload(List<ByteBuffer> parts, int[] blockCrcs, int lengthBytes) {
        this.parts = parts;
        this.blockCrcs = blockCrcs;
        this.lengthBytes = lengthBytes;
    }

    /**
     * The remaining bytes of the buffers, one after the other; the buffers keep their positions.
     */
    public static BlobPayload of(ByteBuffer... buffers) {
        int length = 0;
        ByteBuffer[] parts = new ByteBuffer[buffers.length];
        for (int i = 0; i < buffers.length; i++) {
            parts[i] = buffers[i].slice();
            length = Math.addExact(length, parts[i].remaining());
        }
        return new BlobPayload(List.of(parts), crcs(parts, length), length);
    }

    public static BlobPayload of(byte[] bytes) {
        return of(ByteBuffer.wrap(bytes));
    }

    public static BlobPayload of(byte[] bytes, int offset, int lengthBytes) {
        return of(ByteBuffer.wrap(bytes, offset, lengthBytes));
    }

    private static int[] crcs(ByteBuffer[] parts, int length) {
        int[] crcs = new int[blockCount(length)];
        CRC32C crc = new CRC32C();
        int block = 0;
        int room = CHECKSUM_BLOCK_BYTES;
        for (ByteBuffer part : parts) {
            ByteBuffer view = part.duplicate();
            while (view.position() < part.limit()) {
                int step = Math.min(room, part.limit() - view.position());
                view.limit(view.position() + step);
                crc.update(view);
                room -= step;
                if (room == 0) {
                    crcs[block++] = (int) crc.getValue();
                    crc.reset();
                    room = CHECKSUM_BLOCK_BYTES;
                }
            }
        }
        if (block < crcs.length) {
            crcs[block] = (int) crc.getValue();
        }
        return crcs;
    }

    /** How many checksums a payload of that length has. */
    public static int blockCount(int lengthBytes) {
        return (int) ((lengthBytes + (CHECKSUM_BLOCK_BYTES - 1L)) / CHECKSUM_BLOCK_BYTES);
    }

    public int lengthBytes() {
        return lengthBytes;
    }

    public int blockCount() {
        return blockCrcs.length;
    }

    /** CRC32C of one block; the last block may be short. */
    public int blockCrc(int block) {
        return blockCrcs[block];
    }

    public int partCount() {
        return parts.size();
    }

    /** A view of one part, from its first to its last byte, the reader's own to move. */
    public ByteBuffer part(int index) {
        return parts.get(index).duplicate();
    }
}
