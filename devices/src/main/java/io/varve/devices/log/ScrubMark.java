package io.varve.devices.log;

import io.varve.devices.ScrubMode;
import io.varve.devices.file.DeviceFile;
import io.varve.devices.file.DeviceFiles;

import org.agrona.BufferUtil;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How far the scrub of a device for one pool is, kept on the device in a file {@code scrub-POOL} of
 * one block, little-endian. A mark that is gone or damaged means that the scrub begins anew.
 *
 * <pre>
 *    0    +---------------+---------------+
 *         | magic "VSCB"  | CRC32C 8 - 39 |
 *    8    +---------------+---------------+
 *         | mode          | parts done    |
 *   16    +---------------+---------------+
 *         | last light scrub, ms          |
 *   24    +-------------------------------+
 *         | last deep scrub, ms           |
 *   32    +-------------------------------+
 *         | zeros                         |
 * 4096    +-------------------------------+
 * </pre>
 */
public record ScrubMark(ScrubMode mode, int partsDone, long lastLightMs, long lastDeepMs) {
    public static final ScrubMark NONE = new ScrubMark(ScrubMode.LIGHT, 0, 0, 0);

    static final String NAME_PREFIX = "scrub-";

    private static final int MAGIC = 0x4243_5356;
    private static final int CRC_FROM = 8;
    private static final int CRC_BYTES = 32;

    public long lastMs(ScrubMode of) {
        return switch (of) {
            case LIGHT -> lastLightMs;
            case DEEP -> lastDeepMs;
        };
    }

    /** Under way in that mode, so far. */
    public ScrubMark at(ScrubMode nextMode, int parts) {
        return new ScrubMark(nextMode, parts, lastLightMs, lastDeepMs);
    }

    /** A deep scrub sees all that a light one does. */
    public ScrubMark ended(long nowMs) {
        return new ScrubMark(mode, 0, nowMs, mode == ScrubMode.DEEP ? nowMs : lastDeepMs);
    }

    static ScrubMark read(DeviceFiles files, int poolId) throws IOException {
        String name = NAME_PREFIX + poolId;
        if (!files.list().contains(name)) {
            return NONE;
        }
        ByteBuffer block = block();
        try (DeviceFile file = files.openForRead(name)) {
            int read = file.readFully(block, 0);
            int mode = block.getInt(8);
            boolean good =
                    read == DeviceFiles.BLOCK_BYTES
                            && block.getInt(0) == MAGIC
                            && block.getInt(4) == crc(block)
                            && mode >= 0
                            && mode < ScrubMode.values().length;
            return good
                    ? new ScrubMark(
                            ScrubMode.values()[mode],
                            block.getInt(12),
                            block.getLong(16),
                            block.getLong(24))
                    : NONE;
        }
    }

    void write(DeviceFiles files, int poolId) throws IOException {
        ByteBuffer block = block();
        block.putInt(0, MAGIC).putInt(8, mode.ordinal()).putInt(12, partsDone);
        block.putLong(16, lastLightMs).putLong(24, lastDeepMs);
        block.putInt(4, crc(block));
        try (DeviceFile file = files.openForWrite(NAME_PREFIX + poolId)) {
            file.writeFully(block, 0);
            file.sync();
        }
    }

    private static ByteBuffer block() {
        return BufferUtil.allocateDirectAligned(DeviceFiles.BLOCK_BYTES, DeviceFiles.BLOCK_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int crc(ByteBuffer block) {
        CRC32C crc = new CRC32C();
        crc.update(block.slice(CRC_FROM, CRC_BYTES));
        return (int) crc.getValue();
    }
}
