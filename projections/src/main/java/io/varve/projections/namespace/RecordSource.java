package io.varve.projections.namespace;

import io.varve.journal.Journal;
import io.varve.journal.RecordReader;

/** Where a replay reads records from: a journal, or the files of one that another process has. */
public interface RecordSource {

    /** The last position that can be read, 0 while there is none. */
    long endPosition();

    /** Reads from a position on. */
    RecordReader read(long fromPosition);

    static RecordSource of(Journal journal) {
        return new RecordSource() {
            @Override
            public long endPosition() {
                return journal.endPosition();
            }

            @Override
            public RecordReader read(long fromPosition) {
                return journal.read(fromPosition);
            }
        };
    }
}
