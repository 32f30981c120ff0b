package io.varve.projections.namespace;

import io.varve.projections.ViewBatch;
import io.varve.projections.ViewReader;

/**
 * How far forgetting has come. There is one such row.
 *
 * @param closedMicros nothing that is still kept ended before this record time
 * @param droppedPosition nothing that is still listed as released was released at or before it
 */
record WindowRow(long closedMicros, long droppedPosition) {
    private static final int FORMAT_VERSION = 1;
    private static final WindowRow START = new WindowRow(0, 0);

    static WindowRow read(ViewReader rows) {
        byte[] value = rows.get(NamespaceKeys.WINDOW_KEY);
        if (value == null) {
            return START;
        }
        RowReader from = new RowReader(value).version(FORMAT_VERSION);
        return new WindowRow(from.varint(), from.varint());
    }

    WindowRow closedTo(long micros) {
        return new WindowRow(micros, droppedPosition);
    }

    WindowRow droppedTo(long position) {
        return new WindowRow(closedMicros, position);
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
                        .toBytes();
        batch.put(NamespaceKeys.WINDOW_KEY, value);
    }
}
