package io.varve.journal.chronicle;

import io.varve.journal.frame.FrameDescriptor;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What frames of one journal have in common. Their CRC begins with the site's id, so that neither a
 * frame of another site verifies nor anything that a client put into a key or into metadata to look
 * like a frame.
 *
 * @param maxFrameBytes no frame is larger
 */
record FrameRules(UUID siteId, int maxFrameBytes) {

    static FrameRules of(UUID siteId, JournalLimits limits) {
        return new FrameRules(siteId, limits.maxFrameBytes());
    }

    void putCrc(byte[] bytes, int offset) {
        FrameDescriptor.putInt(bytes, offset + FrameDescriptor.CRC_OFFSET, crc(bytes, offset));
    }

    boolean crcMatches(byte[] bytes, int offset) {
        return FrameDescriptor.getInt(bytes, offset + FrameDescriptor.CRC_OFFSET)
                == crc(bytes, offset);
    }

    private int crc(byte[] bytes, int offset) {
        CRC32C crc = new CRC32C();
        crc.update(
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(siteId.getMostSignificantBits())
                        .putLong(siteId.getLeastSignificantBits())
                        .flip());
        crc.update(bytes, offset, FrameDescriptor.CRC_OFFSET);
        int rest = offset + FrameDescriptor.POSITION_OFFSET;
        crc.update(bytes, rest, offset + FrameDescriptor.frameLength(bytes, offset) - rest);
        return (int) crc.getValue();
    }
}
