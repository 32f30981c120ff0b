package io.varve.dr.replica;

import io.varve.journal.StoredRecord;

import java.util.List;

/**
 * Records on their way to another site.
 *
 * @param records in order without a gap; none when there is nothing new
 * @param endPosition where the journal they come from ended when they were read
 */
public record RecordBatch(List<StoredRecord> records, long endPosition) {
    public RecordBatch {
        records = List.copyOf(records);
    }
}
