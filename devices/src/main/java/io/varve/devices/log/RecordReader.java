package io.varve.devices.log;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.BlobPayload;
import io.varve.devices.file.DeviceFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads records and verifies what it returns, no more: head, and the payload blocks in the range.
 * Any thread; no lock.
 *
 * <p>A record may be moved, and its segment be released and written anew, at any moment. Then what
 * is read is another record, or of another life of the file, and does not verify: so on any failure
 * the index is asked again, and only a record that is still in the same place is damaged.
 */
final class RecordReader {
    /** Read head and range in one go when no more than this lies between them for nothing. */
    private static final int MAX_GAP_BYTES = 64 << 10;

    /** A record moves rarely; one that always moves on is a bug or an attack. */
    private static final int MAX_TRIES = 16;

    private static final Unverified NOT_CACHED = new Unverified("not cached");

    private final int deviceId;
    private final SegmentTable segments;
    private final BlobIndex index;

    RecordReader(int deviceId, SegmentTable segments, BlobIndex index) {
        this.deviceId = deviceId;
        this.segments = segments;
        this.index = index;
    }

    /** What to do with a record that has been read. */
    private interface Step<T> {
        T run(BlobPlace place, Segment segment) throws IOException, Unverified;
    }

    /** Brings bytes of a file into a buffer. */
    private interface Fill {
        void run(DeviceFile file, ByteBuffer bytes, long offset) throws IOException, Unverified;
    }

    /** What was read is not what should be there. */
    private static final class Unverified extends Exception {
        private static final long serialVersionUID = 1L;

        Unverified(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Reads a range of a blob.
     *
     * @return the verified bytes, a view of the scratch; short or empty at the end of the blob
     */
    ByteBuffer read(long high, long low, int offset, int length, ReadScratch scratch) {
        return verified(
                high,
                low,
                (place, segment) ->
                        readAt(
                                high,
                                low,
                                place,
                                segment,
                                offset,
                                length,
                                scratch,
                                RecordReader::fill));
    }

    /** As {@link #read}, but null unless all of it is cached and verifies at the first try. */
    @Nullable ByteBuffer readCached(
            long high, long low, int offset, int length, ReadScratch scratch) {
        BlobPlace place = index.find(high, low);
        Segment segment = place == null ? null : segments.at(place.slot());
        DeviceFile file = segment == null ? null : segment.openedReader();
        if (place == null || segment == null || file == null) {
            return null;
        }
        try {
            return readAt(
                    high, low, place, segment, offset, length, scratch, RecordReader::fillCached);
        } catch (Unverified | IOException e) {
            // Perhaps moved, perhaps damaged: a read that may wait finds out.
            return null;
        }
    }

    byte[] ownerTag(long high, long low, ReadScratch scratch) {
        return verified(
                high,
                low,
                (place, segment) -> {
                    ByteBuffer bytes = scratch.bytes().clear();
                    RecordHead head = readHead(high, low, place, segment, scratch);
                    byte[] tag = new byte[head.tagBytes()];
                    bytes.get(RecordDescriptor.TAG_OFFSET, tag);
                    return tag;
                });
    }

    private <T> T verified(long high, long low, Step<T> step) {
        BlobPlace place = index.find(high, low);
        for (int tries = 1; place != null; tries++) {
            Segment segment = segments.at(place.slot());
            String problem;
            Exception cause = null;
            try {
                if (segment != null) {
                    return step.run(place, segment);
                }
                problem = "its segment is gone";
            } catch (Unverified e) {
                problem = String.valueOf(e.getMessage());
            } catch (IOException e) {
                problem = e.toString();
                cause = e;
            }
            BlobPlace now = index.find(high, low);
            if (place.equals(now) || tries == MAX_TRIES) {
                throw new BlobDamagedException(
                        "blob %s on device %d, slot %d, offset %d: %s"
                                .formatted(
                                        new BlobId(high, low),
                                        deviceId,
                                        place.slot(),
                                        place.offset(),
                                        problem),
                        cause);
            }
            place = now;
        }
        throw new BlobMissingException(
                "blob %s is not on device %d".formatted(new BlobId(high, low), deviceId));
    }

    private ByteBuffer readAt(
            long high,
            long low,
            BlobPlace place,
            Segment segment,
            int offset,
            int length,
            ReadScratch scratch,
            Fill fill)
            throws IOException, Unverified {
        int end = (int) Math.min(place.payloadBytes(), (long) offset + length);
        if (offset >= end) {
            return ByteBuffer.allocate(0);
        }
        int block = BlobPayload.CHECKSUM_BLOCK_BYTES;
        int from = offset / block * block;
        int to = (int) Math.min(place.payloadBytes(), (end + block - 1L) / block * block);
        int headBytes = place.headBytes();
        boolean together = from <= MAX_GAP_BYTES && headBytes + to <= scratch.bytes().capacity();
        DeviceFile file = segment.reader(segments.files());
        ByteBuffer bytes = scratch.bytes().clear();
        int payloadAt;
        if (together) {
            fill.run(file, bytes.limit(headBytes + to), place.offset());
            payloadAt = headBytes + from;
        } else {
            fill.run(file, bytes.limit(headBytes), place.offset());
            fill.run(file, bytes.limit(headBytes + to - from), place.offset() + headBytes + from);
            payloadAt = headBytes;
        }
        bytes.clear();
        RecordHead head = verifyHead(high, low, place, segment, scratch);
        verifyBlocks(head, from, to, payloadAt, scratch);
        int at = payloadAt + offset - from;
        return bytes.duplicate().position(at).limit(at + end - offset);
    }

    private RecordHead readHead(
            long high, long low, BlobPlace place, Segment segment, ReadScratch scratch)
            throws IOException, Unverified {
        ByteBuffer bytes = scratch.bytes().clear();
        fill(segment.reader(segments.files()), bytes.limit(place.headBytes()), place.offset());
        bytes.clear();
        return verifyHead(high, low, place, segment, scratch);
    }

    private static void fill(DeviceFile file, ByteBuffer bytes, long offset)
            throws IOException, Unverified {
        file.readFully(bytes, offset);
        if (bytes.hasRemaining()) {
            throw new Unverified("the file ends before the record");
        }
    }

    private static void fillCached(DeviceFile file, ByteBuffer bytes, long offset)
            throws Unverified {
        if (!file.readCached(bytes, offset)) {
            throw NOT_CACHED;
        }
    }

    private RecordHead verifyHead(
            long high, long low, BlobPlace place, Segment segment, ReadScratch scratch)
            throws Unverified {
        RecordHead head =
                RecordHead.read(
                        scratch.bytes(),
                        0,
                        place.headBytes(),
                        scratch.crc,
                        segments.deviceKey(),
                        segment.sequence(),
                        place.offset());
        if (head == null
                || head.idHigh() != high
                || head.idLow() != low
                || head.tombstone()
                || head.shape() != place.shape()) {
            throw new Unverified("head does not match its checksum, place or blob");
        }
        return head;
    }

    private static void verifyBlocks(
            RecordHead head, int from, int to, int payloadAt, ReadScratch scratch)
            throws Unverified {
        ByteBuffer bytes = scratch.bytes();
        int table = RecordDescriptor.tableOffset(head.tagBytes());
        int at = payloadAt;
        for (int offset = from; offset < to; offset += BlobPayload.CHECKSUM_BLOCK_BYTES) {
            int length = Math.min(to - offset, BlobPayload.CHECKSUM_BLOCK_BYTES);
            int block = offset / BlobPayload.CHECKSUM_BLOCK_BYTES;
            int expected = bytes.getInt(table + block * Integer.BYTES);
            scratch.crc.reset();
            scratch.crc.update(bytes.limit(at + length).position(at));
            bytes.clear();
            if ((int) scratch.crc.getValue() != expected) {
                throw new Unverified("block %d does not match its checksum".formatted(block));
            }
            at += length;
        }
    }
}
