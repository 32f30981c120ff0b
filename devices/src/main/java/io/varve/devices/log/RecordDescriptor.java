package io.varve.devices.log;

import io.varve.devices.BlobPayload;
import io.varve.devices.BlobPool;
import io.varve.devices.WriteLimits;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Layout of a record in a segment. Little-endian; starts at a multiple of 8 bytes.
 *
 * <pre>
 *    0    +---------------+---------------+
 *         | magic         | head CRC32C   |  over the device uuid, then 8 .. end of head
 *    8    +---+---+---+---+---------------+
 *         |ver|typ|  tag  | payload length|  tag = length of the owner tag
 *   16    +---+---+---+---+---------------+
 *         | segment sequence              |  the life of the file that this record is of
 *   24    +---------------+---------------+
 *         | offset / 8    | batch         |  of this record in the file; batch counts from 1
 *   32    +---------------+---------------+
 *         | record number                 |  grows over the device; kept when moved
 *   40    +-------------------------------+
 *         | blob id, high                 |
 *   48    +-------------------------------+
 *         | blob id, low                  |
 *   56    +-------------------------------+
 *         | deleted in                    |  tombstone: sequence of the segment it is needed for;
 *   64    +-------------------------------+  highest bit: only this copy went, not the blob
 *         | owner tag, zeros up to room   |
 *         +-------------------------------+
 *         | CRC32C of each payload block  |  4 bytes per 4096, zeros up to 8
 *  head   +-------------------------------+
 *         | payload, zeros up to 8        |
 *  record +-------------------------------+
 * </pre>
 */
final class RecordDescriptor {
    /** "VREC" as a little-endian int. */
    static final int MAGIC = 0x4345_5256;

    static final byte VERSION = 2;
    static final byte TYPE_BLOB = 1;
    static final byte TYPE_TOMBSTONE = 2;
    static final int ALIGNMENT_BYTES = 8;
    static final int FIXED_BYTES = 64;

    private static final int FINE_TAG_CLASSES = 16;
    private static final int FINE_TAG_BYTES = FINE_TAG_CLASSES * ALIGNMENT_BYTES;
    private static final int COARSE_TAG_STEP_BYTES = 64;

    /** What a pool may put before the owner's tag. */
    static final int POOL_TAG_BYTES = 8;

    static final int MAX_TAG_BYTES = BlobPool.MAX_OWNER_TAG_BYTES + POOL_TAG_BYTES;
    static final int MAX_HEAD_BYTES =
            headBytes(MAX_TAG_BYTES, BlobPayload.blockCount(WriteLimits.MAX_BLOB_BYTES));

    static final int TOMBSTONE_COPIES = 2;
    static final int TOMBSTONE_BYTES = TOMBSTONE_COPIES * FIXED_BYTES;

    static final int MAGIC_OFFSET = 0;
    static final int CRC_OFFSET = 4;
    static final int VERSION_OFFSET = 8;
    static final int TYPE_OFFSET = 9;
    static final int TAG_LENGTH_OFFSET = 10;
    static final int PAYLOAD_LENGTH_OFFSET = 12;
    static final int SEQUENCE_OFFSET = 16;
    static final int PLACE_OFFSET = 24;
    static final int BATCH_OFFSET = 28;
    static final int NUMBER_OFFSET = 32;
    static final int ID_HIGH_OFFSET = 40;
    static final int ID_LOW_OFFSET = 48;
    static final int DELETED_IN_OFFSET = 56;
    static final int TAG_OFFSET = FIXED_BYTES;

    private RecordDescriptor() {}

    static int align(int bytes) {
        return bytes + (ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
    }

    static int headBytes(int tagBytes, int blockCount) {
        return FIXED_BYTES + tagRoom(tagClass(tagBytes)) + align(blockCount * Integer.BYTES);
    }

    /**
     * A tag has room of one of 32 sizes, so that the index knows a record's size by 5 bits: short
     * tags are rounded up to 8 bytes, long ones to 64.
     */
    static int tagClass(int tagBytes) {
        return tagBytes <= FINE_TAG_BYTES
                ? (tagBytes + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES
                : FINE_TAG_CLASSES
                        + (tagBytes - FINE_TAG_BYTES + COARSE_TAG_STEP_BYTES - 1)
                                / COARSE_TAG_STEP_BYTES;
    }

    static int tagRoom(int tagClass) {
        return tagClass <= FINE_TAG_CLASSES
                ? tagClass * ALIGNMENT_BYTES
                : FINE_TAG_BYTES + (tagClass - FINE_TAG_CLASSES) * COARSE_TAG_STEP_BYTES;
    }

    /** Where the block checksums begin in a head. */
    static int tableOffset(int tagBytes) {
        return FIXED_BYTES + tagRoom(tagClass(tagBytes));
    }

    /** Checksum of a head that lies at {@code at}; the buffer's position and limit move. */
    static int headCrc(CRC32C crc, byte[] deviceKey, ByteBuffer buffer, int at, int headBytes) {
        crc.reset();
        crc.update(deviceKey);
        buffer.limit(at + headBytes).position(at + VERSION_OFFSET);
        crc.update(buffer);
        buffer.clear();
        return (int) crc.getValue();
    }
}
