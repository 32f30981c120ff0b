package io.varve.journal;

import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RequestId;

import java.util.List;

/** Reads records in order, each verified. Not thread-safe: one reader, one thread. */
public interface RecordReader extends AutoCloseable {

    /**
     * The next records, at most so many; empty at the end of what is durable. Never blocks for new
     * ones.
     */
    List<JournalRecord> next(int maxRecords);

    /** As {@link #next}, but gives only the records' requests, and may be much cheaper. */
    default List<RequestId> nextRequests(int maxRecords) {
        return next(maxRecords).stream().map(JournalRecord::requestId).toList();
    }

    /**
     * As {@link #next}, but waits at the end until there is a record or the journal or this reader
     * is closed (then empty).
     */
    List<JournalRecord> awaitNext(int maxRecords) throws InterruptedException;

    @Override
    void close();
}
