package io.varve.projections.namespace;

import io.varve.journal.RecordReader;
import io.varve.journal.record.JournalRecord;
import io.varve.projections.ViewException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads, checks and decodes records on a thread of its own while those before them are folded. What
 * the reader throws comes out of {@link #next}. Used by one thread.
 */
final class RecordsAhead implements AutoCloseable {
    private static final int BATCH_RECORD_COUNT = 2048;
    private static final int BATCHES_AHEAD = 4;

    private final RecordSource journal;
    private final BlockingQueue<Read> read = new ArrayBlockingQueue<>(BATCHES_AHEAD);
    private final Thread reader;

    /**
     * @param failure null when there are records, or the journal has ended
     */
    private record Read(List<JournalRecord> records, @Nullable Throwable failure) {}

    /**
     * @param throughPosition up to where it reads, if the journal is so long
     */
    RecordsAhead(RecordSource journal, long fromPosition, long throughPosition) {
        this.journal = journal;
        reader =
                Thread.ofPlatform()
                        .daemon()
                        .name("varve-records-ahead")
                        .start(() -> readAll(fromPosition, throughPosition));
    }

    private void readAll(long fromPosition, long throughPosition) {
        try (RecordReader records = journal.read(fromPosition)) {
            long next = fromPosition;
            while (next <= throughPosition) {
                int count = (int) Math.min(BATCH_RECORD_COUNT, throughPosition - next + 1);
                List<JournalRecord> batch = records.next(count);
                read.put(new Read(batch, null));
                if (batch.isEmpty()) {
                    return;
                }
                next += batch.size();
            }
        } catch (InterruptedException e) {
            // Nobody wants the rest.
        } catch (Throwable e) {
            tell(e);
        }
    }

    private void tell(Throwable failure) {
        try {
            read.put(new Read(List.of(), failure));
        } catch (InterruptedException e) {
            // Nobody wants to know.
        }
    }

    /** The next records; empty when the journal ends. Not to be asked behind the last. */
    List<JournalRecord> next() {
        Read next;
        try {
            next = read.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ViewException("interrupted while waiting for records", e);
        }
        switch (next.failure()) {
            case null -> {
                return next.records();
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new ViewException("records cannot be read", e);
        }
    }

    /** Returns when the journal is read no longer. */
    @Override
    public void close() {
        boolean interrupted = false;
        reader.interrupt();
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
