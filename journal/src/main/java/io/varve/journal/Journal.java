package io.varve.journal;

import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;

import java.util.concurrent.CompletableFuture;

/** The single ordered, durable history of one partition. Safe for use by many threads. */
public interface Journal extends AutoCloseable {

    /**
     * Appends a record. The future completes with the record in its final place once it is on
     * stable media (on a majority of the mirrors), in order of positions; it fails with a {@link
     * JournalException} when the record did not become durable, and then nothing later does either
     * until the journal is opened anew.
     */
    CompletableFuture<JournalRecord> append(Draft draft);

    /** The position of the last durable record, 0 while there is none. */
    long endPosition();

    /**
     * A position at or behind everything that was acknowledged to anyone before the call: whoever
     * reads what a view made of the records up to there reads nothing stale. Where this is the only
     * writer that is {@link #endPosition}; with several, all of them are asked.
     *
     * <p>The future fails with a {@link JournalException} when that cannot be found out.
     */
    default CompletableFuture<Long> confirmedEnd() {
        return CompletableFuture.completedFuture(endPosition());
    }

    /**
     * Reads the durable records from a position on. A reader that has reached the end can be asked
     * again and then sees what has become durable since.
     */
    RecordReader read(long fromPosition);

    /** Stops taking appends, makes durable what was taken, and releases the files. */
    @Override
    void close();
}
