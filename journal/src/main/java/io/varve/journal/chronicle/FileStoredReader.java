package io.varve.journal.chronicle;

import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;
import io.varve.journal.frame.StoredFrames;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Reads verified frames in order from the files. One reader, one thread. */
final class FileStoredReader implements StoredReader {
    private final FileReader files;
    private final LongSupplier end;
    private long position;
    private long endSeen = -1;

    FileStoredReader(CycleSource source, LongSupplier end, long fromPosition) {
        if (fromPosition < 1) {
            throw new IllegalArgumentException("positions start at 1: " + fromPosition);
        }
        this.files = new FileReader(source);
        this.end = end;
        this.position = fromPosition;
    }

    @Override
    public List<StoredRecord> next(int maxRecords, long maxBytes) {
        long last = end.getAsLong();
        if (last != endSeen) {
            files.forgetReadAhead();
            endSeen = last;
        }
        List<StoredRecord> records = new ArrayList<>();
        long bytes = 0;
        while (position <= last && records.size() < maxRecords && bytes < maxBytes) {
            StoredRecord record = StoredFrames.decode(files.at(position).frameBytes());
            records.add(record);
            bytes += record.payload().length;
            position++;
        }
        return records;
    }

    @Override
    public long nextPosition() {
        return position;
    }

    @Override
    public void close() {
        files.close();
    }
}
