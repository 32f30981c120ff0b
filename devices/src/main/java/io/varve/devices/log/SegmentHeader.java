package io.varve.devices.log;

import io.varve.devices.file.DeviceFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The first block of a segment file: which life of the file its records are of.
 *
 * <p>It is there twice, a copy per half block. Rewriting it may tear, which is harmless: whole
 * copies that differ are of two lives, and the later one holds.
 *
 * <pre>
 *    0    +---------------+---------------+
 *         | magic "VSEG"  | CRC32C 8 - 63 |  over the device uuid, then the bytes
 *    8    +---------------+---------------+
 *         | version       | state         |  1 = in use, 2 = free
 *   16    +---------------+---------------+
 *         | segment sequence              |
 *   24    +---------------+---------------+
 *         | slot          | largest batch |
 *   32    +---------------+---------------+
 *         | segment size in bytes         |
 *   40    +-------------------------------+
 *         | zeros                         |
 * 2048    +-------------------------------+
 *         | the same again                |
 * 4096    +-------------------------------+
 * </pre>
 *
 * @param inUse false once its live records are elsewhere
 * @param sequence of this life; grows over the device
 * @param slot number of the file
 * @param maxBatchBytes how far a batch that was cut off may reach
 */
record SegmentHeader(
        boolean inUse, long sequence, int slot, int maxBatchBytes, long segmentSizeBytes) {
    static final int SIZE_BYTES = 4096;
    static final int COPY_BYTES = 2048;

    /** "VSEG" as a little-endian int. */
    private static final int MAGIC = 0x4745_5356;

    private static final int VERSION = 1;
    private static final int CRC_OFFSET = 4;
    private static final int VERSION_OFFSET = 8;
    private static final int STATE_OFFSET = 12;
    private static final int SEQUENCE_OFFSET = 16;
    private static final int SLOT_OFFSET = 24;
    private static final int MAX_BATCH_OFFSET = 28;
    private static final int SEGMENT_SIZE_OFFSET = 32;
    private static final int COVERED_BYTES = 64;
    private static final int STATE_IN_USE = 1;
    private static final int STATE_FREE = 2;

    /** What reading the block found. */
    record Found(@Nullable SegmentHeader header, boolean blank, int damagedCopies) {}

    void encode(ByteBuffer block, byte[] deviceKey) {
        block.clear().order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < SIZE_BYTES; at += Long.BYTES) {
            block.putLong(at, 0);
        }
        for (int copy = 0; copy < SIZE_BYTES; copy += COPY_BYTES) {
            block.putInt(copy, MAGIC);
            block.putInt(copy + VERSION_OFFSET, VERSION);
            block.putInt(copy + STATE_OFFSET, inUse ? STATE_IN_USE : STATE_FREE);
            block.putLong(copy + SEQUENCE_OFFSET, sequence);
            block.putInt(copy + SLOT_OFFSET, slot);
            block.putInt(copy + MAX_BATCH_OFFSET, maxBatchBytes);
            block.putLong(copy + SEGMENT_SIZE_OFFSET, segmentSizeBytes);
            block.putInt(copy + CRC_OFFSET, crc(block, copy, deviceKey));
        }
    }

    /** Reads the first block of a file. */
    static Found read(DeviceFile file, byte[] deviceKey) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(SIZE_BYTES);
        file.readFully(block, 0);
        return decode(block.flip(), deviceKey);
    }

    /** Reads what is there of a block; a file shorter than one block was never used. */
    static Found decode(ByteBuffer block, byte[] deviceKey) {
        block.order(ByteOrder.LITTLE_ENDIAN);
        if (block.limit() < SIZE_BYTES || blank(block)) {
            return new Found(null, true, 0);
        }
        SegmentHeader first = copy(block, 0, deviceKey);
        SegmentHeader second = copy(block, COPY_BYTES, deviceKey);
        int damaged = (first == null ? 1 : 0) + (second == null ? 1 : 0);
        if (first == null || second == null) {
            return new Found(first == null ? second : first, false, damaged);
        }
        return new Found(later(first, second), false, 0);
    }

    private static SegmentHeader later(SegmentHeader first, SegmentHeader second) {
        if (first.sequence != second.sequence) {
            return first.sequence > second.sequence ? first : second;
        }
        // Of one life, "free" was written after "in use".
        return first.inUse ? second : first;
    }

    private static boolean blank(ByteBuffer block) {
        for (int at = 0; at < SIZE_BYTES; at += Long.BYTES) {
            if (block.getLong(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable SegmentHeader copy(ByteBuffer block, int at, byte[] deviceKey) {
        int state = block.getInt(at + STATE_OFFSET);
        if (block.getInt(at) != MAGIC
                || block.getInt(at + CRC_OFFSET) != crc(block, at, deviceKey)
                || block.getInt(at + VERSION_OFFSET) != VERSION
                || (state != STATE_IN_USE && state != STATE_FREE)) {
            return null;
        }
        return new SegmentHeader(
                state == STATE_IN_USE,
                block.getLong(at + SEQUENCE_OFFSET),
                block.getInt(at + SLOT_OFFSET),
                block.getInt(at + MAX_BATCH_OFFSET),
                block.getLong(at + SEGMENT_SIZE_OFFSET));
    }

    private static int crc(ByteBuffer block, int at, byte[] deviceKey) {
        CRC32C crc = new CRC32C();
        crc.update(deviceKey);
        crc.update(block.slice(at + VERSION_OFFSET, COVERED_BYTES - VERSION_OFFSET));
        return (int) crc.getValue();
    }
}
