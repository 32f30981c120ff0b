package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.record.JournalRecord;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads from memory near the end and from the files before that, and never beyond what is durable.
 * One reader, one thread; only {@link #close} may be called by another.
 */
final class TailingReader implements RecordReader {
    private final TailRing tail;
    private final EndSignal end;
    private final FileReader files;

    /** Held while files are in use, so that another thread's close does not pull them away. */
    private final ReentrantLock lock = new ReentrantLock();

    private long position;
    private long endSeen = -1;
    private volatile boolean closed;

    TailingReader(TailRing tail, EndSignal end, CycleSource source, long fromPosition) {
        if (fromPosition < 1) {
            throw new IllegalArgumentException("positions start at 1: " + fromPosition);
        }
        this.tail = tail;
        this.end = end;
        this.files = new FileReader(source);
        this.position = fromPosition;
    }

    @Override
    public List<JournalRecord> next(int maxRecords) {
        if (maxRecords < 1) {
            throw new IllegalArgumentException("maxRecords is not positive: " + maxRecords);
        }
        lock.lock();
        try {
            return read(maxRecords);
        } finally {
            lock.unlock();
        }
    }

    private List<JournalRecord> read(int maxRecords) {
        if (closed) {
            throw new JournalException("reader is closed: position=" + position);
        }
        long last = end.position();
        if (last != endSeen) {
            files.forgetReadAhead();
            endSeen = last;
        }
        List<JournalRecord> records =
                new ArrayList<>(Math.clamp(last - position + 1, 0, maxRecords));
        while (position <= last && records.size() < maxRecords) {
            JournalRecord record = tail.at(position);
            records.add(record == null ? files.at(position).record() : record);
            position++;
        }
        return records;
    }

    @Override
    public List<JournalRecord> awaitNext(int maxRecords) throws InterruptedException {
        end.await(position, () -> closed);
        return closed ? List.of() : next(maxRecords);
    }

    @Override
    public void close() {
        closed = true;
        end.wakeAll();
        lock.lock();
        try {
            files.close();
        } finally {
            lock.unlock();
        }
    }
}
