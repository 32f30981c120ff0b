package io.varve.devices.log;

import static io.varve.devices.file.DeviceFiles.BLOCK_BYTES;

import io.varve.devices.BlobPayload;
import io.varve.devices.file.DeviceFile;

import org.agrona.BufferUtil;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Lays records into the open segment, batch by batch. Single-threaded: owned by the log's agent.
 *
 * <p>Invariants: bytes go to the file in whole blocks, each block once; a batch begins on a block
 * boundary, and only after the one before is synced; the footer for what the segment holds always
 * still fits behind it.
 *
 * <p>Payload is copied once, into an aligned buffer outside the heap; a full buffer is written at
 * once, so that a large batch needs no large buffer.
 */
final class SegmentAppender {
    private static final byte[] ZEROS = new byte[BLOCK_BYTES];

    private final byte[] deviceKey;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer;
    private final ByteBuffer head;
    private final Segment segment;
    private final DeviceFile file;
    private final SegmentEntries entries;
    private int batch;

    /** Where the buffer's first byte goes. */
    private long bufferOffset;

    private boolean written;

    /** The memory an appender works in; handed from one to the next. */
    record Buffers(ByteBuffer batch, ByteBuffer head) {
        private static final int BATCH_BYTES = 1 << 20;

        static Buffers allocate() {
            return new Buffers(
                    BufferUtil.allocateDirectAligned(BATCH_BYTES, BLOCK_BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN),
                    ByteBuffer.allocateDirect(RecordDescriptor.MAX_HEAD_BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    SegmentAppender(
            Buffers buffers,
            byte[] deviceKey,
            Segment segment,
            DeviceFile file,
            SegmentEntries entries,
            int lastBatch) {
        this.buffer = buffers.batch().clear();
        this.head = buffers.head();
        this.deviceKey = deviceKey;
        this.segment = segment;
        this.file = file;
        this.entries = entries;
        this.batch = lastBatch + 1;
        this.bufferOffset = segment.dataEnd();
    }

    Segment segment() {
        return segment;
    }

    DeviceFile file() {
        return file;
    }

    /** What the segment holds on media. */
    SegmentEntries entries() {
        return entries;
    }

    /** Where the next record goes. */
    long offset() {
        return bufferOffset + buffer.position();
    }

    /** Number of the last batch that is on media. */
    int lastBatch() {
        return batch - 1;
    }

    /** Where the file must reach once so much more in so many records and the footer are in. */
    long endWith(long recordBytes, int pendingRecords) {
        return blockEndWith(recordBytes)
                + SegmentFooter.sizeBytes(entries.count() + (long) pendingRecords);
    }

    /** Where the file would be written to if the batch ended after so much more. */
    long blockEndWith(long recordBytes) {
        return roundUp(offset() + recordBytes);
    }

    void appendBlob(LogRequest.Write write, long number) throws IOException {
        BlobPayload payload = write.payload;
        putFixed(
                RecordDescriptor.TYPE_BLOB,
                write.ownerTag.length,
                payload.lengthBytes(),
                number,
                write.idHigh,
                write.idLow,
                0);
        head.put(RecordDescriptor.TAG_OFFSET, write.ownerTag);
        int table = RecordDescriptor.tableOffset(write.ownerTag.length);
        for (int block = 0; block < payload.blockCount(); block++) {
            head.putInt(table + block * Integer.BYTES, payload.blockCrc(block));
        }
        putPlace(RecordDescriptor.headBytes(write.ownerTag.length, payload.blockCount()));
        for (int part = 0; part < payload.partCount(); part++) {
            put(payload.part(part));
        }
        pad(RecordDescriptor.ALIGNMENT_BYTES);
    }

    /**
     * Appends it twice: nothing else remembers a delete if its one record rots.
     *
     * @param rawDeletedIn with {@link RecordHead#COPY_ONLY} when it is for this copy alone
     */
    void appendTombstone(long idHigh, long idLow, long number, long rawDeletedIn)
            throws IOException {
        for (int copy = 0; copy < RecordDescriptor.TOMBSTONE_COPIES; copy++) {
            putFixed(RecordDescriptor.TYPE_TOMBSTONE, 0, 0, number, idHigh, idLow, rawDeletedIn);
            putPlace(RecordDescriptor.FIXED_BYTES);
        }
    }

    /** Appends a record as it was elsewhere; its payload, even a damaged one, stays as it is. */
    void appendMoved(RecordHead moved, ByteBuffer record) throws IOException {
        head.clear().put(record.slice(0, moved.headBytes()));
        putPlace(moved.headBytes());
        int payload = moved.headBytes();
        put(record.slice(payload, moved.recordBytes() - payload));
    }

    private void putFixed(
            byte type,
            int tagBytes,
            int payloadBytes,
            long number,
            long idHigh,
            long idLow,
            long deletedIn) {
        int headBytes = RecordDescriptor.headBytes(tagBytes, BlobPayload.blockCount(payloadBytes));
        head.clear();
        for (int at = RecordDescriptor.FIXED_BYTES; at < headBytes; at += Long.BYTES) {
            head.putLong(at, 0);
        }
        head.putInt(RecordDescriptor.MAGIC_OFFSET, RecordDescriptor.MAGIC);
        head.put(RecordDescriptor.VERSION_OFFSET, RecordDescriptor.VERSION);
        head.put(RecordDescriptor.TYPE_OFFSET, type);
        head.putShort(RecordDescriptor.TAG_LENGTH_OFFSET, (short) tagBytes);
        head.putInt(RecordDescriptor.PAYLOAD_LENGTH_OFFSET, payloadBytes);
        head.putLong(RecordDescriptor.NUMBER_OFFSET, number);
        head.putLong(RecordDescriptor.ID_HIGH_OFFSET, idHigh);
        head.putLong(RecordDescriptor.ID_LOW_OFFSET, idLow);
        head.putLong(RecordDescriptor.DELETED_IN_OFFSET, deletedIn);
    }

    /** Says where the record is, seals its head with the checksum, and appends the head. */
    private void putPlace(int headBytes) throws IOException {
        head.putLong(RecordDescriptor.SEQUENCE_OFFSET, segment.sequence());
        head.putInt(
                RecordDescriptor.PLACE_OFFSET, (int) (offset() / RecordDescriptor.ALIGNMENT_BYTES));
        head.putInt(RecordDescriptor.BATCH_OFFSET, batch);
        head.putInt(
                RecordDescriptor.CRC_OFFSET,
                RecordDescriptor.headCrc(crc, deviceKey, head, 0, headBytes));
        put(head.clear().limit(headBytes));
    }

    private void put(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            int step = Math.min(source.remaining(), buffer.remaining());
            buffer.put(buffer.position(), source, source.position(), step);
            buffer.position(buffer.position() + step);
            source.position(source.position() + step);
            if (!buffer.hasRemaining()) {
                flush();
            }
        }
    }

    private void pad(int alignment) throws IOException {
        int zeros = -buffer.position() & (alignment - 1);
        buffer.put(ZEROS, 0, zeros);
        if (!buffer.hasRemaining()) {
            flush();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        file.writeFully(buffer, bufferOffset);
        bufferOffset += buffer.limit();
        buffer.clear();
        written = true;
    }

    /** Ends the batch: returns once it is on media. */
    void sync() throws IOException {
        pad(BLOCK_BYTES);
        if (buffer.position() > 0) {
            flush();
        }
        if (written) {
            file.sync();
            written = false;
            batch++;
        }
    }

    private static long roundUp(long offset) {
        return (offset + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }
}
