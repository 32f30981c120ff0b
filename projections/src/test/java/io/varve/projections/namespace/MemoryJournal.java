package io.varve.projections.namespace;

import io.varve.journal.Journal;
import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A journal on the heap, durable at once. Can be told to fail. */
final class MemoryJournal implements Journal {
    private final List<JournalRecord> records = new ArrayList<>();
    private final long firstMicros;
    private boolean closed;
    private @Nullable JournalException fault;
    private long heldPosition;

    MemoryJournal() {
        this(1_700_000_000_000_000L);
    }

    MemoryJournal(long firstMicros) {
        this.firstMicros = firstMicros;
    }

    /** As {@link #append}, for a test that needs no future. */
    synchronized JournalRecord add(Draft draft) {
        long position = records.size() + 1L;
        JournalRecord record =
                new JournalRecord(
                        0,
                        position,
                        firstMicros + 1000 * position,
                        1,
                        draft.requestId(),
                        draft.principal(),
                        draft.change());
        records.add(record);
        notifyAll();
        return record;
    }

    synchronized JournalRecord at(long position) {
        return records.get((int) position - 1);
    }

    @Override
    public synchronized CompletableFuture<JournalRecord> append(Draft draft) {
        if (fault != null || closed) {
            return CompletableFuture.failedFuture(
                    fault != null ? fault : new JournalException("closed"));
        }
        return CompletableFuture.completedFuture(add(draft));
    }

    synchronized void failFromNowOn(String message) {
        fault = new JournalException(message);
    }

    /** Readers wait at this position until it is another; 0 = none waits. */
    synchronized void holdReadersAt(long position) {
        heldPosition = position;
        notifyAll();
    }

    @Override
    public synchronized long endPosition() {
        return records.size();
    }

    synchronized List<JournalRecord> all() {
        return List.copyOf(records);
    }

    /** A journal that ends at a position. */
    synchronized MemoryJournal prefix(long endPosition) {
        MemoryJournal prefix = new MemoryJournal(firstMicros);
        prefix.records.addAll(records.subList(0, (int) endPosition));
        return prefix;
    }

    @Override
    public RecordReader read(long fromPosition) {
        return new MemoryReader((int) fromPosition - 1);
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    private final class MemoryReader implements RecordReader {
        private int next;
        private boolean readerClosed;

        MemoryReader(int next) {
            this.next = next;
        }

        @Override
        public List<JournalRecord> next(int maxRecords) {
            synchronized (MemoryJournal.this) {
                awaitRelease();
                int to = Math.min(records.size(), next + maxRecords);
                List<JournalRecord> page = List.copyOf(records.subList(next, to));
                next = to;
                return page;
            }
        }

        private void awaitRelease() {
            try {
                while (heldPosition == next + 1) {
                    MemoryJournal.this.wait();
                }
            } catch (InterruptedException e) {
                throw new JournalException("interrupted", e);
            }
        }

        @Override
        public List<JournalRecord> awaitNext(int maxRecords) throws InterruptedException {
            synchronized (MemoryJournal.this) {
                while (next >= records.size() && !closed && !readerClosed) {
                    MemoryJournal.this.wait();
                }
                return closed || readerClosed ? List.of() : next(maxRecords);
            }
        }

        @Override
        public void close() {
            synchronized (MemoryJournal.this) {
                readerClosed = true;
                MemoryJournal.this.notifyAll();
            }
        }
    }
}
