package io.varve.devices.log;

import io.varve.devices.BlobPayload;

/**
 * Where a blob's record is.
 *
 * @param slot the segment file
 * @param offset of the record in it
 * @param shape its payload length and tag room, as {@link #shape} packs them
 */
record BlobPlace(int slot, long offset, int shape) {
    private static final int TAG_SHIFT = 27;
    private static final int LENGTH_MASK = (1 << TAG_SHIFT) - 1;

    /** Packs what determines a record's size into 32 bits. */
    static int shape(int payloadBytes, int tagBytes) {
        return (RecordDescriptor.tagClass(tagBytes) << TAG_SHIFT) | payloadBytes;
    }

    static int payloadBytes(int shape) {
        return shape & LENGTH_MASK;
    }

    static int headBytes(int shape) {
        int tagRoom = RecordDescriptor.tagRoom(shape >>> TAG_SHIFT);
        return RecordDescriptor.headBytes(tagRoom, BlobPayload.blockCount(payloadBytes(shape)));
    }

    static int recordBytes(int shape) {
        return headBytes(shape) + RecordDescriptor.align(payloadBytes(shape));
    }

    boolean isAt(int otherSlot, long otherOffset) {
        return slot == otherSlot && offset == otherOffset;
    }

    int payloadBytes() {
        return payloadBytes(shape);
    }

    int headBytes() {
        return headBytes(shape);
    }

    int recordBytes() {
        return recordBytes(shape);
    }
}
