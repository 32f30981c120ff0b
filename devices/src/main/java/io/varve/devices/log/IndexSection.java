package io.varve.devices.log;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A part of a saved index: what it is, and a checksum over all of it. Sections follow each other:
 * the mark, every shard's table, the lists.
 *
 * <pre>
 *    0    +---------------+---------------+
 *         | magic "VIDX"  | CRC32C 8 - end|  over the device uuid, then the bytes
 *    8    +---------------+---------------+
 *         | version       | kind          |  1 = mark, 2 = shard, 3 = lists
 *   16    +---------------+---------------+
 *         | length        | shard number  |  of the content, in bytes
 *   24    +---------------+---------------+
 *         | record number of the mark     |  the same in all sections of a file
 *   32    +---------------+---------------+
 *         | segments      | blob rows     |  lists only, as the next
 *   40    +---------------+---------------+
 *         | tombstone rows| zeros         |
 *   48    +---------------+---------------+
 *         | zeros                         |
 *   64    +-------------------------------+
 *         | content                       |
 *  end    +-------------------------------+
 *         | zeros up to 64                |
 *         +-------------------------------+
 *
 * mark:   last segment sequence (8), open segment's sequence (8, 0 = none), where its records
 *         end (8), its last batch (4), number of shards (4)
 * shard:  the table as it is in memory, see BlobIndex
 * lists:  a row per segment: sequence (8), slot (4), 1 = may hold twins (4);
 *         then the open segment's rows, see SegmentEntries
 * </pre>
 *
 * @param counts of segments, blob rows and tombstone rows
 */
record IndexSection(
        Kind kind,
        int length,
        int shard,
        long recordNumber,
        int segmentCount,
        int blobCount,
        int tombstoneCount) {
    static final int HEADER_BYTES = 64;
    static final int MARK_BYTES = 32;
    static final int SEGMENT_ROW_BYTES = 16;

    /** "VIDX" as a little-endian int. */
    private static final int MAGIC = 0x5844_4956;

    private static final int ALIGNMENT_BYTES = 64;
    private static final int VERSION = 1;
    private static final int CRC_OFFSET = 4;
    private static final int VERSION_OFFSET = 8;
    private static final int KIND_OFFSET = 12;
    private static final int LENGTH_OFFSET = 16;
    private static final int SHARD_OFFSET = 20;
    private static final int NUMBER_OFFSET = 24;
    private static final int SEGMENTS_OFFSET = 32;
    private static final int BLOBS_OFFSET = 36;
    private static final int TOMBSTONES_OFFSET = 40;

    /** What a section holds; its ordinal plus one is on media. */
    enum Kind {
        MARK,
        SHARD,
        LISTS
    }

    /** How much a section takes in the file. */
    static long sizeBytes(long length) {
        return (HEADER_BYTES + length + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
    }

    /** Puts the header before the content that is in the buffer already, and zeros behind it. */
    void seal(ByteBuffer target, int begin, byte[] deviceKey) {
        int size = Math.toIntExact(sizeBytes(length));
        ByteBuffer section = target.slice(begin, size).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < HEADER_BYTES; at += Long.BYTES) {
            section.putLong(at, 0);
        }
        for (int at = HEADER_BYTES + length; at < size; at++) {
            section.put(at, (byte) 0);
        }
        section.putInt(0, MAGIC);
        section.putInt(VERSION_OFFSET, VERSION);
        section.putInt(KIND_OFFSET, kind.ordinal() + 1);
        section.putInt(LENGTH_OFFSET, length);
        section.putInt(SHARD_OFFSET, shard);
        section.putLong(NUMBER_OFFSET, recordNumber);
        section.putInt(SEGMENTS_OFFSET, segmentCount);
        section.putInt(BLOBS_OFFSET, blobCount);
        section.putInt(TOMBSTONES_OFFSET, tombstoneCount);
        section.putInt(CRC_OFFSET, crc(section, section.slice(HEADER_BYTES, length), deviceKey));
    }

    /** Reads a header; null when it is none. Whether it is whole, {@link #matches} tells. */
    static @Nullable IndexSection read(ByteBuffer header) {
        header.order(ByteOrder.LITTLE_ENDIAN);
        int kind = header.getInt(KIND_OFFSET);
        int length = header.getInt(LENGTH_OFFSET);
        if (header.getInt(0) != MAGIC
                || header.getInt(VERSION_OFFSET) != VERSION
                || kind < 1
                || kind > Kind.values().length
                || length < 0) {
            return null;
        }
        return new IndexSection(
                Kind.values()[kind - 1],
                length,
                header.getInt(SHARD_OFFSET),
                header.getLong(NUMBER_OFFSET),
                header.getInt(SEGMENTS_OFFSET),
                header.getInt(BLOBS_OFFSET),
                header.getInt(TOMBSTONES_OFFSET));
    }

    /** Whether header and content are what was written. */
    static boolean matches(ByteBuffer header, ByteBuffer content, byte[] deviceKey) {
        return header.getInt(CRC_OFFSET) == crc(header, content, deviceKey);
    }

    private static int crc(ByteBuffer header, ByteBuffer content, byte[] deviceKey) {
        CRC32C crc = new CRC32C();
        crc.update(deviceKey);
        crc.update(header.slice(VERSION_OFFSET, HEADER_BYTES - VERSION_OFFSET));
        crc.update(content.duplicate().clear());
        return (int) crc.getValue();
    }
}
