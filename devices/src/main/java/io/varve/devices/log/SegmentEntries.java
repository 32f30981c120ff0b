package io.varve.devices.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a segment holds, in the order written: the rows that become its footer. Owned by whoever
 * fills it; readable by anyone once it is full.
 *
 * <pre>
 *    0    +-------------------------------+
 *         | blob id, high                 |
 *    8    +-------------------------------+
 *         | blob id, low                  |
 *   16    +-------------------------------+
 *         | record number                 |
 *   24    +---------------+---------------+
 *         | offset / 8    | shape         |  tombstone: as in its record, "deleted in"
 *   32    +---------------+---------------+
 * </pre>
 */
final class SegmentEntries {
    static final int ENTRY_BYTES = 32;

    private static final int ID_LOW = 8;
    private static final int NUMBER = 16;
    private static final int PLACE = 24;
    private static final int SHAPE = 28;
    private static final int INITIAL_BYTES = 128 * ENTRY_BYTES;

    /** One kind of rows. */
    static final class Rows {
        private ByteBuffer rows;
        private int count;

        Rows() {
            this(ByteBuffer.allocate(INITIAL_BYTES), 0);
        }

        /** Rows that were read: the first bytes of a little-endian buffer. */
        Rows(ByteBuffer rows, int count) {
            this.rows = rows.order(ByteOrder.LITTLE_ENDIAN);
            this.count = count;
        }

        int count() {
            return count;
        }

        long high(int row) {
            return rows.getLong(row * ENTRY_BYTES);
        }

        long low(int row) {
            return rows.getLong(row * ENTRY_BYTES + ID_LOW);
        }

        long number(int row) {
            return rows.getLong(row * ENTRY_BYTES + NUMBER);
        }

        /** Of a blob. */
        long offset(int row) {
            return Integer.toUnsignedLong(rows.getInt(row * ENTRY_BYTES + PLACE))
                    * RecordDescriptor.ALIGNMENT_BYTES;
        }

        /** Of a blob. */
        int shape(int row) {
            return rows.getInt(row * ENTRY_BYTES + SHAPE);
        }

        /** Of a tombstone. */
        long deletedIn(int row) {
            return rawDeletedIn(row) & ~RecordHead.COPY_ONLY;
        }

        /** Of a tombstone: with {@link RecordHead#COPY_ONLY} when it is for this copy alone. */
        long rawDeletedIn(int row) {
            return rows.getLong(row * ENTRY_BYTES + PLACE);
        }

        /** Of a tombstone: whether the blob was deleted, and not only this copy of it. */
        boolean forGood(int row) {
            return rawDeletedIn(row) >= 0;
        }

        /** The rows as bytes. */
        ByteBuffer bytes() {
            return rows.duplicate().clear().limit(count * ENTRY_BYTES);
        }

        private long maxNumber() {
            long max = 0;
            for (int row = 0; row < count; row++) {
                max = Math.max(max, number(row));
            }
            return max;
        }

        private Rows growable() {
            int bytes = Math.max(INITIAL_BYTES, count * ENTRY_BYTES);
            Rows copy = new Rows(ByteBuffer.allocate(bytes), count);
            copy.rows.put(0, rows, 0, count * ENTRY_BYTES);
            return copy;
        }

        private int add(long high, long low, long number) {
            int at = count++ * ENTRY_BYTES;
            if (at + ENTRY_BYTES > rows.capacity()) {
                ByteBuffer grown =
                        ByteBuffer.allocate(rows.capacity() * 2).order(ByteOrder.LITTLE_ENDIAN);
                grown.put(rows.clear());
                rows = grown;
            }
            rows.putLong(at, high);
            rows.putLong(at + ID_LOW, low);
            rows.putLong(at + NUMBER, number);
            return at;
        }
    }

    private final Rows blobs;
    private final Rows tombstones;
    private long maxNumber;

    SegmentEntries() {
        this(new Rows(), new Rows(), 0);
    }

    SegmentEntries(Rows blobs, Rows tombstones, long maxNumber) {
        this.blobs = blobs;
        this.tombstones = tombstones;
        this.maxNumber = maxNumber;
    }

    /** Rows that more can be added to. */
    static SegmentEntries copyOf(Rows blobs, Rows tombstones) {
        long maxNumber = Math.max(blobs.maxNumber(), tombstones.maxNumber());
        return new SegmentEntries(blobs.growable(), tombstones.growable(), maxNumber);
    }

    /** What is there now; rows that are added later do not show in it. */
    SegmentEntries upToNow() {
        return new SegmentEntries(
                new Rows(blobs.rows, blobs.count),
                new Rows(tombstones.rows, tombstones.count),
                maxNumber);
    }

    void addBlob(long high, long low, long number, long offset, int shape) {
        int at = blobs.add(high, low, number);
        blobs.rows.putInt(at + PLACE, (int) (offset / RecordDescriptor.ALIGNMENT_BYTES));
        blobs.rows.putInt(at + SHAPE, shape);
        maxNumber = Math.max(maxNumber, number);
    }

    void addTombstone(long high, long low, long number, long rawDeletedIn) {
        int at = tombstones.add(high, low, number);
        tombstones.rows.putLong(at + PLACE, rawDeletedIn);
        maxNumber = Math.max(maxNumber, number);
    }

    Rows blobs() {
        return blobs;
    }

    Rows tombstones() {
        return tombstones;
    }

    int count() {
        return blobs.count + tombstones.count;
    }

    long maxNumber() {
        return maxNumber;
    }
}
