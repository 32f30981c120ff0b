package io.varve.projections.namespace;

import io.varve.journal.record.JournalRecord;

/**
 * A version that S3 shows no longer, or what one said before its attributes were replaced: it was
 * so from the record at its revision on.
 *
 * @param removedPosition of the record that overwrote, deleted or revised it: it was so until just
 *     before
 */
record HistoryRow(long removedPosition, long removedMicros, VersionRow row) {
    private static final int FORMAT_VERSION = 1;

    static HistoryRow of(JournalRecord remover, VersionRow row) {
        return new HistoryRow(remover.position(), remover.timeMicros(), row);
    }

    /** Whether the version was there, and said this, just after the record at a position. */
    boolean heldAt(long position) {
        return row.since() <= position && position < removedPosition;
    }

    static HistoryRow decode(byte[] bytes) {
        RowReader from = new RowReader(bytes).version(FORMAT_VERSION);
        return new HistoryRow(from.varint(), from.varint(), VersionRow.decode(from.rest()));
    }

    byte[] toBytes() {
        return new RowWriter()
                .u8(FORMAT_VERSION)
                .varint(removedPosition)
                .varint(removedMicros)
                .raw(row.bytes())
                .toBytes();
    }
}
