package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RequestId;
import io.varve.journal.tail.EndSignal;
import io.varve.journal.tail.TailRing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

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
        return read(maxRecords, record -> record, CycleCursor::record);
    }

    @Override
    public List<RequestId> nextRequests(int maxRecords) {
        return read(maxRecords, JournalRecord::requestId, CycleCursor::requestId);
    }

    private <T> List<T> read(
            int maxRecords, Function<JournalRecord, T> ofTail, Function<CycleCursor, T> ofFile) {
        lock.lock();
        try {
            return readLocked(maxRecords, ofTail, ofFile);
        } finally {
            lock.unlock();
        }
    }

    private <T> List<T> readLocked(
            int maxRecords, Function<JournalRecord, T> ofTail, Function<CycleCursor, T> ofFile) {
        if (closed) {
            throw new JournalException("reader is closed: position=" + position);
        }
        long last = end.position();
        if (last != endSeen) {
            files.forgetReadAhead();
            endSeen = last;
        }
        List<T> records = new ArrayList<>(Math.clamp(last - position + 1, 0, maxRecords));
        while (position <= last && records.size() < maxRecords) {
            JournalRecord record = tail.at(position);
            records.add(record == null ? ofFile.apply(files.at(position)) : ofTail.apply(record));
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
