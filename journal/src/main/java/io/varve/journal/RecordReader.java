package io.varve.journal;

import io.varve.journal.record.JournalRecord;

import java.util.List;

/** Reads records in order, each verified. Not thread-safe: one reader, one thread. */
public interface RecordReader extends AutoCloseable {

    /**
     * The next records, at most so many; empty at the end of what is durable. Never blocks for new
     * ones.
     */
    List<JournalRecord> next(int maxRecords);

    /**
     * As {@link #next}, but waits at the end until there is a record or the journal or this reader
     * is closed (then empty).
     */
    List<JournalRecord> awaitNext(int maxRecords) throws InterruptedException;

    @Override
    void close();
}
