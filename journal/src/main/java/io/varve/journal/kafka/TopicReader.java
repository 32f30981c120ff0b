package io.varve.journal.kafka;

import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.record.JournalRecord;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads from memory near the end and from the brokers before that, and never beyond what the tail
 * has published. One reader, one thread; only {@link #close} may be called by another.
 */
final class TopicReader implements RecordReader {
    /** Gives cursors to readers. */
    interface Source {
        /** A cursor whose next records lead up to a position. */
        TopicCursor before(long position);
    }

    private final TopicTail tail;
    private final Source source;

    /** Held while a cursor is in use, so that another thread's close does not pull it away. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable TopicCursor cursor;
    private long position;
    private volatile boolean closed;

    TopicReader(TopicTail tail, Source source, long fromPosition) {
        if (fromPosition < 1) {
            throw new IllegalArgumentException("positions start at 1: " + fromPosition);
        }
        this.tail = tail;
        this.source = source;
        this.position = fromPosition;
    }

    @Override
    public List<JournalRecord> next(int maxRecords) {
        if (maxRecords < 1) {
            throw new IllegalArgumentException("maxRecords is not positive: " + maxRecords);
        }
        lock.lock();
        try {
            if (closed) {
                throw new JournalException("reader is closed: position=" + position);
            }
            long last = tail.end().position();
            List<JournalRecord> records =
                    new ArrayList<>(Math.clamp(last - position + 1, 0, maxRecords));
            while (position <= last && records.size() < maxRecords) {
                records.add(read());
                position++;
            }
            return records;
        } finally {
            lock.unlock();
        }
    }

    private JournalRecord read() {
        JournalRecord record = tail.ring().at(position);
        if (record != null) {
            forget();
            return record;
        }
        TopicCursor from = cursor;
        if (from == null) {
            from = source.before(position);
            cursor = from;
        }
        return TopicTail.record(from.at(position), null);
    }

    private void forget() {
        TopicCursor old = cursor;
        cursor = null;
        if (old != null) {
            old.close();
        }
    }

    @Override
    public List<JournalRecord> awaitNext(int maxRecords) throws InterruptedException {
        tail.end().await(position, () -> closed);
        return closed ? List.of() : next(maxRecords);
    }

    @Override
    public void close() {
        closed = true;
        tail.end().wakeAll();
        lock.lock();
        try {
            forget();
        } finally {
            lock.unlock();
        }
    }
}
