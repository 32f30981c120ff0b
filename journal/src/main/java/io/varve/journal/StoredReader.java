package io.varve.journal;

import java.util.List;

/** Reads records as they are stored, in order, each verified. One reader, one thread. */
public interface StoredReader extends AutoCloseable {

    /**
     * The next records, at most so many, and no more once their payloads have that many bytes (so
     * one record always comes, whatever its size); empty at the end of what is durable.
     */
    List<StoredRecord> next(int maxRecords, long maxBytes);

    /** The position of the record that comes next. */
    long nextPosition();

    @Override
    void close();
}
