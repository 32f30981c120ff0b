package io.varve.devices.log;

import static io.varve.devices.file.DeviceFiles.BLOCK_BYTES;

import io.varve.devices.file.DeviceFile;

import org.agrona.BufferUtil;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The end of a sealed segment's file: what it holds, so that a restart need not read it. Both kinds
 * of rows can be read by themselves, since a restart wants all tombstones first.
 *
 * <pre>
 * file end - length   +-------------------------------+
 *                     | a row per blob                |  see SegmentEntries
 *                     +-------------------------------+
 *                     | a row per tombstone           |
 *                     +-------------------------------+
 *                     | zeros                         |
 * file end - 64       +---------------+---------------+
 *                     | magic "VFTR"  | CRC32C 8 - 63 |  each CRC32C over the device uuid,
 *                     +---------------+---------------+  then the bytes
 *                     | version       | length        |
 *                     +---------------+---------------+
 *                     | segment sequence              |
 *                     +-------------------------------+
 *                     | largest record number         |
 *                     +-------------------------------+
 *                     | where the records end         |
 *                     +---------------+---------------+
 *                     | blob rows     | their CRC32C  |
 *                     +---------------+---------------+
 *                     | tombstone rows| their CRC32C  |  up to the trailer, zeros included
 *                     +---------------+---------------+
 *                     | zeros                         |
 * file end            +-------------------------------+
 * </pre>
 *
 * @param length of the footer in bytes, a multiple of the block size
 * @param maxNumber largest record number in the segment
 * @param dataEnd where its records end, a multiple of the block size
 */
record SegmentFooter(
        int length,
        long maxNumber,
        long dataEnd,
        int blobCount,
        int blobsCrc,
        int tombstoneCount,
        int tombstonesCrc) {
    static final int TRAILER_BYTES = 64;

    /** "VFTR" as a little-endian int. */
    private static final int MAGIC = 0x5254_4656;

    private static final int VERSION = 1;
    private static final int CRC_OFFSET = 4;
    private static final int VERSION_OFFSET = 8;
    private static final int LENGTH_OFFSET = 12;
    private static final int SEQUENCE_OFFSET = 16;
    private static final int MAX_NUMBER_OFFSET = 24;
    private static final int DATA_END_OFFSET = 32;
    private static final int BLOBS_OFFSET = 40;
    private static final int BLOBS_CRC_OFFSET = 44;
    private static final int TOMBSTONES_OFFSET = 48;
    private static final int TOMBSTONES_CRC_OFFSET = 52;

    /** The length of a footer for so many entries: whole blocks. */
    static long sizeBytes(long entryCount) {
        long bytes = TRAILER_BYTES + entryCount * SegmentEntries.ENTRY_BYTES;
        return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    /** The footer as one aligned buffer, to be written so that it ends where the file does. */
    static ByteBuffer encode(
            SegmentEntries entries, long dataEnd, long segmentSequence, byte[] deviceKey) {
        int length = Math.toIntExact(sizeBytes(entries.count()));
        ByteBuffer footer = BufferUtil.allocateDirectAligned(length, BLOCK_BYTES);
        footer.order(ByteOrder.LITTLE_ENDIAN);
        footer.put(entries.blobs().bytes()).put(entries.tombstones().bytes()).clear();
        int trailer = length - TRAILER_BYTES;
        int split = entries.blobs().count() * SegmentEntries.ENTRY_BYTES;
        footer.putInt(trailer, MAGIC);
        footer.putInt(trailer + VERSION_OFFSET, VERSION);
        footer.putInt(trailer + LENGTH_OFFSET, length);
        footer.putLong(trailer + SEQUENCE_OFFSET, segmentSequence);
        footer.putLong(trailer + MAX_NUMBER_OFFSET, entries.maxNumber());
        footer.putLong(trailer + DATA_END_OFFSET, dataEnd);
        footer.putInt(trailer + BLOBS_OFFSET, entries.blobs().count());
        footer.putInt(trailer + BLOBS_CRC_OFFSET, crc(footer, 0, split, deviceKey));
        footer.putInt(trailer + TOMBSTONES_OFFSET, entries.tombstones().count());
        footer.putInt(
                trailer + TOMBSTONES_CRC_OFFSET, crc(footer, split, trailer - split, deviceKey));
        footer.putInt(trailer + CRC_OFFSET, trailerCrc(footer, trailer, deviceKey));
        return footer;
    }

    /** Reads the trailer of a file; null when there is none of that life, or it is damaged. */
    static @Nullable SegmentFooter read(DeviceFile file, long segmentSequence, byte[] deviceKey)
            throws IOException {
        long end = file.sizeBytes();
        if (end < 2 * BLOCK_BYTES) {
            return null;
        }
        ByteBuffer trailer = ByteBuffer.allocate(TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (file.readFully(trailer, end - TRAILER_BYTES) != TRAILER_BYTES
                || trailer.getInt(0) != MAGIC
                || trailer.getInt(CRC_OFFSET) != trailerCrc(trailer, 0, deviceKey)
                || trailer.getInt(VERSION_OFFSET) != VERSION
                || trailer.getLong(SEQUENCE_OFFSET) != segmentSequence) {
            return null;
        }
        return new SegmentFooter(
                trailer.getInt(LENGTH_OFFSET),
                trailer.getLong(MAX_NUMBER_OFFSET),
                trailer.getLong(DATA_END_OFFSET),
                trailer.getInt(BLOBS_OFFSET),
                trailer.getInt(BLOBS_CRC_OFFSET),
                trailer.getInt(TOMBSTONES_OFFSET),
                trailer.getInt(TOMBSTONES_CRC_OFFSET));
    }

    /** How many bytes the blobs' rows take. */
    int blobsBytes() {
        return blobCount * SegmentEntries.ENTRY_BYTES;
    }

    /** Reads the blobs' rows into a buffer that has room for them; null when they are damaged. */
    SegmentEntries.@Nullable Rows readBlobs(DeviceFile file, byte[] deviceKey, ByteBuffer into)
            throws IOException {
        return readRows(file, 0, blobsBytes(), blobsCrc, blobCount, deviceKey, into);
    }

    /** Reads the tombstones' rows; null when they are damaged. */
    SegmentEntries.@Nullable Rows readTombstones(DeviceFile file, byte[] deviceKey)
            throws IOException {
        int bytes = length - TRAILER_BYTES - blobsBytes();
        ByteBuffer into = ByteBuffer.allocate(bytes);
        return readRows(file, blobsBytes(), bytes, tombstonesCrc, tombstoneCount, deviceKey, into);
    }

    private SegmentEntries.@Nullable Rows readRows(
            DeviceFile file,
            int offset,
            int bytes,
            int expectedCrc,
            int count,
            byte[] deviceKey,
            ByteBuffer into)
            throws IOException {
        into.clear().limit(bytes);
        boolean whole =
                file.readFully(into, file.sizeBytes() - length + offset) == bytes
                        && crc(into, 0, bytes, deviceKey) == expectedCrc;
        return whole ? new SegmentEntries.Rows(into.clear(), count) : null;
    }

    private static int trailerCrc(ByteBuffer buffer, int trailer, byte[] deviceKey) {
        return crc(buffer, trailer + VERSION_OFFSET, TRAILER_BYTES - VERSION_OFFSET, deviceKey);
    }

    private static int crc(ByteBuffer buffer, int offset, int length, byte[] deviceKey) {
        CRC32C crc = new CRC32C();
        crc.update(deviceKey);
        crc.update(buffer.slice(offset, length));
        return (int) crc.getValue();
    }
}
