package io.varve.devices.log;

import static io.varve.devices.file.DeviceFiles.BLOCK_BYTES;

import io.varve.devices.BlobPayload;
import io.varve.devices.file.DeviceFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads a segment without its footer: what is in it, and where it was cut off. Single-threaded.
 *
 * <p>A batch is written only when the one before it is synced. So whatever is missing or damaged in
 * the last batch was perhaps never acknowledged: it is a torn tail, and left out. What is damaged
 * before a later batch had been synced: that is rot. A damaged payload is then still listed, so
 * that a read finds it and has it repaired; a damaged head cannot be.
 *
 * <p>Batches begin on block boundaries and records within them follow each other. Where neither a
 * record nor padding is found, the next record is searched for, no further than a batch may reach.
 */
final class SegmentScan {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK_BYTES);

    private final SegmentWindow window;
    private final byte[] deviceKey;
    private final long segmentSequence;
    private final long limit;
    private final int maxBatchBytes;
    private final CRC32C crc = new CRC32C();

    private final SegmentEntries entries;
    private final long from;
    private final List<Damage> damages = new ArrayList<>();
    private final List<RecordHead> doubtful = new ArrayList<>();
    private final List<Damage> doubtfulGaps = new ArrayList<>();
    private @Nullable Damage gapBefore;
    private long lastTombstone;
    private int batch;
    private long dataEnd;
    private long tornAt = -1;

    /**
     * Where to begin, and what is known of what lies before.
     *
     * @param offset of the first batch to be read
     * @param lastBatch number of the one before it; 0 = none
     * @param entries what the batches before it hold; is added to
     */
    record Start(long offset, int lastBatch, SegmentEntries entries) {
        static Start ofSegment() {
            return new Start(SegmentHeader.SIZE_BYTES, 0, new SegmentEntries());
        }
    }

    /** Bytes that had been synced and are not what was written. */
    record Damage(long offset, String detail) {}

    /**
     * What was found.
     *
     * @param dataEnd where the records end, a multiple of the block size
     * @param lastBatch number of the last batch seen; 0 = none
     * @param tornAt where the first incomplete record is, -1 when the last batch is whole
     */
    record Result(
            SegmentEntries entries,
            long dataEnd,
            int lastBatch,
            long tornAt,
            List<Damage> damages) {
        boolean mayBeContinued() {
            return tornAt < 0 && damages.isEmpty();
        }
    }

    private SegmentScan(DeviceFile file, SegmentHeader header, byte[] deviceKey, Start start)
            throws IOException {
        this.entries = start.entries();
        this.from = start.offset();
        this.batch = start.lastBatch();
        this.dataEnd = start.offset();
        this.window = new SegmentWindow(file);
        this.deviceKey = deviceKey;
        this.segmentSequence = header.sequence();
        this.limit = Math.min(file.sizeBytes(), header.segmentSizeBytes());
        this.maxBatchBytes = header.maxBatchBytes();
    }

    static Result run(DeviceFile file, SegmentHeader header, byte[] deviceKey) throws IOException {
        return run(file, header, deviceKey, Start.ofSegment());
    }

    static Result run(DeviceFile file, SegmentHeader header, byte[] deviceKey, Start start)
            throws IOException {
        return new SegmentScan(file, header, deviceKey, start).run();
    }

    private Result run() throws IOException {
        long offset = from;
        while (offset < limit) {
            RecordHead head = headAt(offset);
            if (head != null) {
                take(head);
                offset += head.recordBytes();
            } else if (isPadding(offset)) {
                offset = roundUp(offset);
            } else {
                long next = search(offset);
                if (next < 0) {
                    if (offset % BLOCK_BYTES != 0) {
                        // The batch went on in this block, but no more of it is whole.
                        doubtfulGaps.add(new Damage(offset, "no record to the end"));
                    }
                    break;
                }
                gapBefore = new Damage(offset, "no record up to offset " + next);
                offset = next;
            }
        }
        judgeLastBatch();
        return new Result(entries, roundUp(dataEnd), batch, tornAt, damages);
    }

    private @Nullable RecordHead headAt(long offset) throws IOException {
        int at = window.at(offset, RecordDescriptor.FIXED_BYTES);
        RecordHead head = readHead(at, offset);
        if (head == null && window.available(offset) < RecordDescriptor.MAX_HEAD_BYTES) {
            // Perhaps only its end is out of view.
            at = window.at(offset, RecordDescriptor.MAX_HEAD_BYTES);
            head = readHead(at, offset);
        }
        return head != null && offset + head.recordBytes() <= limit ? head : null;
    }

    private @Nullable RecordHead readHead(int at, long offset) {
        return RecordHead.read(
                window.bytes(),
                at,
                window.available(offset),
                crc,
                deviceKey,
                segmentSequence,
                offset);
    }

    private void take(RecordHead head) throws IOException {
        if (head.batch() > batch) {
            condemnDoubtful();
        }
        if (gapBefore != null) {
            // The start of this batch, or the end of the one before, which had then been synced.
            (head.batch() > batch + 1 ? damages : doubtfulGaps).add(gapBefore);
            gapBefore = null;
        }
        batch = Math.max(batch, head.batch());
        if (head.tombstone() || payloadMatches(head)) {
            list(head);
        } else {
            doubtful.add(head);
        }
        dataEnd = head.offset() + head.recordBytes();
    }

    private void list(RecordHead head) {
        if (head.tombstone()) {
            if (head.number() != lastTombstone) {
                entries.addTombstone(
                        head.idHigh(), head.idLow(), head.number(), head.rawDeletedIn());
            }
            // Its copy follows it, or was lost.
            lastTombstone = head.number();
        } else {
            entries.addBlob(
                    head.idHigh(), head.idLow(), head.number(), head.offset(), head.shape());
        }
    }

    /** A later batch is there, so what looked torn had been synced: it is damage. */
    private void condemnDoubtful() {
        for (RecordHead head : doubtful) {
            list(head);
            damages.add(new Damage(head.offset(), "payload does not match its checksums"));
        }
        doubtful.clear();
        damages.addAll(doubtfulGaps);
        doubtfulGaps.clear();
    }

    private void judgeLastBatch() {
        for (Damage gap : doubtfulGaps) {
            tornAt = tornAt < 0 ? gap.offset() : Math.min(tornAt, gap.offset());
        }
        for (RecordHead head : doubtful) {
            tornAt = tornAt < 0 ? head.offset() : Math.min(tornAt, head.offset());
        }
    }

    private boolean payloadMatches(RecordHead head) throws IOException {
        int blocks = BlobPayload.blockCount(head.payloadBytes());
        long table = head.offset() + RecordDescriptor.tableOffset(head.tagBytes());
        int[] expected = new int[blocks];
        for (int block = 0; block < blocks; block++) {
            int at = window.at(table + (long) block * Integer.BYTES, Integer.BYTES);
            expected[block] = window.bytes().getInt(at);
        }
        long payload = head.offset() + head.headBytes();
        int left = head.payloadBytes();
        for (int block = 0; block < blocks; block++) {
            int length = Math.min(left, BlobPayload.CHECKSUM_BLOCK_BYTES);
            int at = window.at(payload, length);
            if (window.available(payload) < length || crcOf(at, length) != expected[block]) {
                return false;
            }
            payload += length;
            left -= length;
        }
        return true;
    }

    private int crcOf(int at, int length) {
        ByteBuffer bytes = window.bytes();
        crc.reset();
        crc.update(bytes.limit(at + length).position(at));
        bytes.clear();
        return (int) crc.getValue();
    }

    /** Zeros after the last record of a batch, up to the block boundary. */
    private boolean isPadding(long offset) throws IOException {
        if (offset % BLOCK_BYTES == 0) {
            return false;
        }
        int length = (int) (roundUp(offset) - offset);
        int at = window.at(offset, length);
        if (window.available(offset) < length) {
            return false;
        }
        return isZero(at, length);
    }

    private boolean isZero(int at, int length) {
        return window.bytes().slice(at, length).mismatch(ZEROS.slice(0, length)) < 0;
    }

    /** The offset of the next record, -1 when there is none within a batch's reach. */
    private long search(long from) throws IOException {
        long end = Math.min(limit, roundUp(from) + maxBatchBytes);
        long offset = from + RecordDescriptor.ALIGNMENT_BYTES;
        while (offset + RecordDescriptor.FIXED_BYTES <= end) {
            if (offset % BLOCK_BYTES == 0) {
                offset = skipZeros(offset, end);
            }
            int at = window.at(offset, RecordDescriptor.FIXED_BYTES);
            if (window.available(offset) < RecordDescriptor.FIXED_BYTES) {
                return -1;
            }
            long stop = Math.min(end - RecordDescriptor.FIXED_BYTES + 1, roundUp(offset + 1));
            int length = (int) Math.min(stop - offset, window.available(offset) - 3);
            int found = findMagic(at, length);
            offset += found;
            if (found < length) {
                if (headAt(offset) != null) {
                    return offset;
                }
                offset += RecordDescriptor.ALIGNMENT_BYTES;
            }
        }
        return -1;
    }

    /** How far on the next magic number is; where to look next, past that length, without one. */
    private int findMagic(int at, int length) {
        ByteBuffer bytes = window.bytes();
        int on = 0;
        while (on < length && bytes.getInt(at + on) != RecordDescriptor.MAGIC) {
            on += RecordDescriptor.ALIGNMENT_BYTES;
        }
        return on;
    }

    /** The first block that is not all zeros, or the last one before the end: none begins there. */
    private long skipZeros(long from, long end) throws IOException {
        long offset = from;
        while (offset + BLOCK_BYTES < end) {
            int at = window.at(offset, BLOCK_BYTES);
            if (window.available(offset) < BLOCK_BYTES || !isZero(at, BLOCK_BYTES)) {
                break;
            }
            offset += BLOCK_BYTES;
        }
        return offset;
    }

    private static long roundUp(long offset) {
        return (offset + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }
}
