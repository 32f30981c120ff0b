package io.varve.devices.log;

import io.varve.devices.BlobPayload;
import io.varve.devices.WriteLimits;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The fixed part of a record's head, read and found whole. */
record RecordHead(
        byte type,
        int tagBytes,
        int payloadBytes,
        long segmentSequence,
        long offset,
        int batch,
        long number,
        long idHigh,
        long idLow,
        long rawDeletedIn) {
    /** In a tombstone's "deleted in": it is for this copy alone, the blob lives on elsewhere. */
    static final long COPY_ONLY = Long.MIN_VALUE;

    /**
     * Reads the head at {@code at} of a little-endian buffer whose position is 0 and whose limit is
     * its capacity.
     *
     * @param available bytes of the buffer from {@code at} on
     * @return null unless it is a whole head of that device, segment life and offset
     */
    static @Nullable RecordHead read(
            ByteBuffer buffer,
            int at,
            int available,
            CRC32C crc,
            byte[] deviceKey,
            long segmentSequence,
            long offset) {
        assert buffer.order() == ByteOrder.LITTLE_ENDIAN;
        if (available < RecordDescriptor.FIXED_BYTES
                || buffer.getInt(at + RecordDescriptor.MAGIC_OFFSET) != RecordDescriptor.MAGIC
                || buffer.getLong(at + RecordDescriptor.SEQUENCE_OFFSET) != segmentSequence
                || placeOf(buffer, at) != offset
                || buffer.get(at + RecordDescriptor.VERSION_OFFSET) != RecordDescriptor.VERSION) {
            return null;
        }
        int tagBytes = buffer.getShort(at + RecordDescriptor.TAG_LENGTH_OFFSET) & 0xffff;
        int payloadBytes = buffer.getInt(at + RecordDescriptor.PAYLOAD_LENGTH_OFFSET);
        if (tagBytes > RecordDescriptor.MAX_TAG_BYTES
                || payloadBytes < 0
                || payloadBytes > WriteLimits.MAX_BLOB_BYTES) {
            return null;
        }
        int headBytes = RecordDescriptor.headBytes(tagBytes, BlobPayload.blockCount(payloadBytes));
        if (available < headBytes
                || buffer.getInt(at + RecordDescriptor.CRC_OFFSET)
                        != RecordDescriptor.headCrc(crc, deviceKey, buffer, at, headBytes)) {
            return null;
        }
        return new RecordHead(
                buffer.get(at + RecordDescriptor.TYPE_OFFSET),
                tagBytes,
                payloadBytes,
                segmentSequence,
                offset,
                buffer.getInt(at + RecordDescriptor.BATCH_OFFSET),
                buffer.getLong(at + RecordDescriptor.NUMBER_OFFSET),
                buffer.getLong(at + RecordDescriptor.ID_HIGH_OFFSET),
                buffer.getLong(at + RecordDescriptor.ID_LOW_OFFSET),
                buffer.getLong(at + RecordDescriptor.DELETED_IN_OFFSET));
    }

    private static long placeOf(ByteBuffer buffer, int at) {
        return Integer.toUnsignedLong(buffer.getInt(at + RecordDescriptor.PLACE_OFFSET))
                * RecordDescriptor.ALIGNMENT_BYTES;
    }

    /** Of a tombstone. */
    long deletedIn() {
        return rawDeletedIn & ~COPY_ONLY;
    }

    boolean tombstone() {
        return type == RecordDescriptor.TYPE_TOMBSTONE;
    }

    int headBytes() {
        return RecordDescriptor.headBytes(tagBytes, BlobPayload.blockCount(payloadBytes));
    }

    int recordBytes() {
        return headBytes() + RecordDescriptor.align(payloadBytes);
    }

    int shape() {
        return BlobPlace.shape(payloadBytes, tagBytes);
    }
}
