package io.varve.endpoint.replica;

import io.varve.dr.replica.RecordBatch;
import io.varve.journal.StoredJournal;
import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads records for a standby. It asks for a stretch after the other, so that the reader of the
 * last answer is kept for the next one. Safe for use by many threads; the questions of several
 * standbys wait for each other only while they read.
 */
final class Shipping implements AutoCloseable {
    private static final int BATCH_RECORDS = 1024;
    private static final long BATCH_BYTES = 4L << 20;

    private final StoredJournal journal;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable StoredReader reader;
    private boolean closed;

    Shipping(StoredJournal journal) {
        this.journal = journal;
    }

    /**
     * @param bytesMax about so much is given at the most
     */
    RecordBatch next(long fromPosition, Duration wait, long bytesMax) throws InterruptedException {
        if (!journal.awaitDurable(fromPosition, wait)) {
            return new RecordBatch(List.of(), journal.endPosition());
        }
        lock.lock();
        try {
            List<StoredRecord> records =
                    closed
                            ? List.of()
                            : readerAt(fromPosition)
                                    .next(BATCH_RECORDS, Math.min(BATCH_BYTES, bytesMax));
            return new RecordBatch(records, journal.endPosition());
        } finally {
            lock.unlock();
        }
    }

    private StoredReader readerAt(long position) {
        StoredReader kept = reader;
        if (kept == null || kept.nextPosition() != position) {
            if (kept != null) {
                kept.close();
            }
            kept = journal.stored(position);
            reader = kept;
        }
        return kept;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (reader != null) {
                reader.close();
                reader = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
