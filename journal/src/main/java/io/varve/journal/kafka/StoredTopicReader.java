package io.varve.journal.kafka;

import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;
import io.varve.journal.frame.StoredFrames;
import io.varve.journal.tail.EndSignal;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads records as the embedded journal would store them. One reader, one thread. */
final class StoredTopicReader implements StoredReader {
    private final EndSignal end;
    private final TopicReader.Source source;
    private @Nullable TopicCursor cursor;
    private long position;

    StoredTopicReader(EndSignal end, TopicReader.Source source, long fromPosition) {
        if (fromPosition < 1) {
            throw new IllegalArgumentException("positions start at 1: " + fromPosition);
        }
        this.end = end;
        this.source = source;
        this.position = fromPosition;
    }

    @Override
    public List<StoredRecord> next(int maxRecords, long maxBytes) {
        long last = end.position();
        List<StoredRecord> records = new ArrayList<>();
        long bytes = 0;
        while (position <= last && records.size() < maxRecords && bytes < maxBytes) {
            StoredRecord record = StoredFrames.decode(read());
            records.add(record);
            bytes += record.payload().length;
            position++;
        }
        return records;
    }

    private byte[] read() {
        TopicCursor from = cursor;
        if (from == null) {
            from = source.before(position);
            cursor = from;
        }
        return from.at(position);
    }

    @Override
    public long nextPosition() {
        return position;
    }

    @Override
    public void close() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
    }
}
