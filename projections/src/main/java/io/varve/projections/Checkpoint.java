package io.varve.projections;

import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RequestId;

import java.nio.ByteBuffer;

/**
 * How far a view has come, written in the same batch as the rows: the last record it has applied,
 * enough of that record to recognise the journal it came from, and the digest of all rows at that
 * point (this row itself is not part of it).
 */
public record Checkpoint(long position, long timeMicros, RequestId requestId, ViewDigest digest) {
    public static final Checkpoint START =
            new Checkpoint(0, 0, new RequestId(0, 0), ViewDigest.ZERO);

    /** Keys that start with this byte belong to the store itself, not to the view. */
    public static final byte TABLE = 0;

    private static final byte[] KEY = {TABLE, 'c'};
    private static final byte FORMAT_VERSION = 2;
    private static final int SIZE_BYTES = 1 + 4 * Long.BYTES + ViewDigest.SIZE_BYTES;

    /** The first key of the view's own rows. */
    public static byte[] firstRow() {
        return new byte[] {TABLE + 1};
    }

    /**
     * @return {@link #START} for an empty store
     */
    public static Checkpoint read(ViewReader store) {
        byte[] value = store.get(KEY);
        if (value == null) {
            return START;
        }
        if (value[0] != FORMAT_VERSION || value.length != SIZE_BYTES) {
            throw new ViewDamagedException(
                    "view is of another format: version="
                            + value[0]
                            + ", expected="
                            + FORMAT_VERSION);
        }
        ByteBuffer from = ByteBuffer.wrap(value).position(1);
        return new Checkpoint(
                from.getLong(),
                from.getLong(),
                new RequestId(from.getLong(), from.getLong()),
                ViewDigest.read(from));
    }

    static Checkpoint of(JournalRecord record, ViewDigest digest) {
        return new Checkpoint(record.position(), record.timeMicros(), record.requestId(), digest);
    }

    RowChange toRow() {
        byte[] value =
                ByteBuffer.allocate(SIZE_BYTES)
                        .put(FORMAT_VERSION)
                        .putLong(position)
                        .putLong(timeMicros)
                        .putLong(requestId.high())
                        .putLong(requestId.low())
                        .put(digest.toBytes())
                        .array();
        return new RowChange(KEY, value);
    }

    /** Whether this is the record at which the checkpoint was made. */
    public boolean madeBy(JournalRecord record) {
        return record.position() == position
                && record.timeMicros() == timeMicros
                && record.requestId().equals(requestId);
    }
}
