package io.varve.journal.frame;

import io.varve.journal.StoredRecord;

import java.util.Arrays;

/** Stored records and the frames that they are in. */
public final class StoredFrames {
    private StoredFrames() {}

    /** The record of a whole frame that was verified. */
    public static StoredRecord decode(byte[] frame) {
        return new StoredRecord(
                FrameDescriptor.partition(frame, 0),
                FrameDescriptor.position(frame, 0),
                FrameDescriptor.timeMicros(frame, 0),
                FrameDescriptor.writerEpoch(frame, 0),
                Arrays.copyOfRange(
                        frame, FrameDescriptor.CHAIN_OFFSET, FrameDescriptor.HEADER_LENGTH),
                Arrays.copyOfRange(frame, FrameDescriptor.HEADER_LENGTH, frame.length));
    }

    /** The frame of a record, with its chain hash; checksum and synced position are zero. */
    public static byte[] whole(StoredRecord record) {
        byte[] bytes = encode(record);
        System.arraycopy(
                record.chain(),
                0,
                bytes,
                FrameDescriptor.CHAIN_OFFSET,
                FrameDescriptor.CHAIN_LENGTH);
        return bytes;
    }

    /** The frame that a chain hash is computed of: without hash, checksum and synced position. */
    static byte[] encode(StoredRecord record) {
        byte[] payload = record.payload();
        byte[] bytes = new byte[FrameDescriptor.HEADER_LENGTH + payload.length];
        FrameDescriptor.putHeader(
                bytes,
                0,
                FrameDescriptor.KIND_RECORD,
                payload.length,
                record.position(),
                record.timeMicros(),
                record.writerEpoch(),
                0,
                record.partition());
        System.arraycopy(payload, 0, bytes, FrameDescriptor.HEADER_LENGTH, payload.length);
        return bytes;
    }
}
