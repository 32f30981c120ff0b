package io.varve.endpoint.site;

import io.varve.journal.Journal;
import io.varve.journal.RecordReader;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A journal on the heap, durable at once; it outlives those who read it. */
final class MemoryJournal implements Journal {
    private static final long FIRST_MICROS = 1_700_000_000_000_000L;

    private final List<JournalRecord> records = new ArrayList<>();

    @Override
    public synchronized CompletableFuture<JournalRecord> append(Draft draft) {
        long position = records.size() + 1L;
        JournalRecord record =
                new JournalRecord(
                        0,
                        position,
                        FIRST_MICROS + position,
                        1,
                        draft.requestId(),
                        draft.principal(),
                        draft.change());
        records.add(record);
        notifyAll();
        return CompletableFuture.completedFuture(record);
    }

    /** Record time now, and so the end of any window that is to close over everything. */
    synchronized long nowMicros() {
        return FIRST_MICROS + records.size() + 1;
    }

    @Override
    public synchronized long endPosition() {
        return records.size();
    }

    @Override
    public RecordReader read(long fromPosition) {
        return new Reader((int) fromPosition - 1);
    }

    @Override
    public void close() {}

    private final class Reader implements RecordReader {
        private int next;
        private boolean closed;

        Reader(int next) {
            this.next = next;
        }

        @Override
        public List<JournalRecord> next(int maxRecords) {
            synchronized (MemoryJournal.this) {
                int to = Math.min(records.size(), next + maxRecords);
                List<JournalRecord> page = List.copyOf(records.subList(next, to));
                next = to;
                return page;
            }
        }

        @Override
        public List<JournalRecord> awaitNext(int maxRecords) throws InterruptedException {
            synchronized (MemoryJournal.this) {
                while (next == records.size() && !closed) {
                    MemoryJournal.this.wait();
                }
                return closed ? List.of() : next(maxRecords);
            }
        }

        @Override
        public void close() {
            synchronized (MemoryJournal.this) {
                closed = true;
                MemoryJournal.this.notifyAll();
            }
        }
    }
}
