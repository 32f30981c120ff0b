package io.varve.projections.namespace;

import io.varve.projections.ViewBatch;
import io.varve.projections.ViewReader;

/**
 * How far forgetting has come. There is one such row.
 *
 * @param closedMicros nothing that is still kept ended before this record time
 * @param droppedPosition nothing that is still listed as released was released at or before it
 * @param closedPosition the first moment that can be read whole: of the last record that ended
 *     something that has been forgotten; 0 when nothing has
 * @param firstTimes the first row of times that is kept
 */
record WindowRow(long closedMicros, long droppedPosition, long closedPosition, long firstTimes) {
    private static final int FORMAT_VERSION = 2;
    private static final WindowRow START = new WindowRow(0, 0, 0, 0);

    static WindowRow read(ViewReader rows) {
        byte[] value = rows.get(NamespaceKeys.WINDOW_KEY);
        if (value == null) {
            return START;
        }
        RowReader from = new RowReader(value).version(FORMAT_VERSION);
        return new WindowRow(from.varint(), from.varint(), from.varint(), from.varint());
    }

    WindowRow closedTo(long micros, long position) {
        return new WindowRow(micros, droppedPosition, position, firstTimes);
    }

    WindowRow droppedTo(long position) {
        return new WindowRow(closedMicros, position, closedPosition, firstTimes);
    }

    WindowRow timesFrom(long number) {
        return new WindowRow(closedMicros, droppedPosition, closedPosition, number);
    }

    void write(ViewBatch batch) {
        if (equals(read(batch))) {
            return;
        }
        byte[] value =
                new RowWriter()
                        .u8(FORMAT_VERSION)
                        .varint(closedMicros)
                        .varint(droppedPosition)
                        .varint(closedPosition)
                        .varint(firstTimes)
                        .toBytes();
        batch.put(NamespaceKeys.WINDOW_KEY, value);
    }
}
