package io.varve.devices.log;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Layout of one copy of a device label: one block, all fields little-endian.
 *
 * <pre>
 *    0        +-------------------------------+
 *             | magic "VARVELBL"              |
 *    8        +---------------+---------------+
 *             | format version| device id     |
 *   16        +---------------+---------------+
 *             | device uuid                   |
 *             |                               |
 *   32        +-------------------------------+
 *             | site id                       |
 *             |                               |
 *   48        +-------------------------------+
 *             | created, ms since 1970        |
 *   56        +-------------------------------+
 *             | segment size in bytes         |
 *   64        +-------------------------------+
 *             | generation                    |
 *   72        +-------------------------------+
 *             | zeros                         |
 * 4092        |               +---------------+
 *             |               | CRC32C 0-4091 |
 * 4096        +---------------+---------------+
 * </pre>
 */
final class LabelDescriptor {
    static final int SIZE_BYTES = 4096;
    static final int FORMAT_VERSION = 3;

    private static final long MAGIC =
            ByteBuffer.wrap("VARVELBL".getBytes(StandardCharsets.US_ASCII))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
    private static final int VERSION_OFFSET = 8;
    private static final int DEVICE_ID_OFFSET = 12;
    private static final int DEVICE_UUID_OFFSET = 16;
    private static final int SITE_ID_OFFSET = 32;
    private static final int CREATED_OFFSET = 48;
    private static final int SEGMENT_SIZE_OFFSET = 56;
    private static final int GENERATION_OFFSET = 64;
    private static final int CRC_OFFSET = 4092;

    private LabelDescriptor() {}

    /** Fills the block. */
    static void encode(DeviceLabel label, ByteBuffer block) {
        block.order(ByteOrder.LITTLE_ENDIAN);
        block.putLong(0, MAGIC);
        block.putInt(VERSION_OFFSET, FORMAT_VERSION);
        block.putInt(DEVICE_ID_OFFSET, label.deviceId());
        putUuid(block, DEVICE_UUID_OFFSET, label.deviceUuid());
        putUuid(block, SITE_ID_OFFSET, label.siteId());
        block.putLong(CREATED_OFFSET, label.createdMs());
        block.putLong(SEGMENT_SIZE_OFFSET, label.segmentSizeBytes());
        block.putLong(GENERATION_OFFSET, label.generation());
        for (int at = GENERATION_OFFSET + Long.BYTES; at < CRC_OFFSET; at += Integer.BYTES) {
            block.putInt(at, 0);
        }
        block.putInt(CRC_OFFSET, crc(block));
    }

    /** Whether the block is a whole label, of this or another format version. */
    static boolean isWhole(ByteBuffer block) {
        block.order(ByteOrder.LITTLE_ENDIAN);
        return block.getLong(0) == MAGIC && block.getInt(CRC_OFFSET) == crc(block);
    }

    static int version(ByteBuffer block) {
        return block.getInt(VERSION_OFFSET);
    }

    /** Reads a block; null when it is damaged. */
    static @Nullable DeviceLabel decode(ByteBuffer block) {
        if (!isWhole(block)) {
            return null;
        }
        return new DeviceLabel(
                block.getInt(DEVICE_ID_OFFSET),
                uuid(block, DEVICE_UUID_OFFSET),
                uuid(block, SITE_ID_OFFSET),
                block.getLong(CREATED_OFFSET),
                block.getLong(SEGMENT_SIZE_OFFSET),
                block.getLong(GENERATION_OFFSET));
    }

    private static void putUuid(ByteBuffer block, int offset, UUID uuid) {
        block.putLong(offset, uuid.getMostSignificantBits());
        block.putLong(offset + Long.BYTES, uuid.getLeastSignificantBits());
    }

    private static UUID uuid(ByteBuffer block, int offset) {
        return new UUID(block.getLong(offset), block.getLong(offset + Long.BYTES));
    }

    private static int crc(ByteBuffer block) {
        CRC32C crc = new CRC32C();
        crc.update(block.slice(0, CRC_OFFSET));
        return (int) crc.getValue();
    }
}
