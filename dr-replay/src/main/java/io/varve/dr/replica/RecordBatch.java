package io.varve.dr.replica;

import io.varve.journal.StoredRecord;

import java.util.List;

/**
 * Records on their way to another site.
 *
 * @param records in order without a gap; none when there is nothing new
 * @param endPosition where the journal they come from ended when they were read
 * @param behindBytes what the records from the first one asked for to that end bring; {@link
 *     #NOT_COUNTED} while that is being counted
 */
public record RecordBatch(List<StoredRecord> records, long endPosition, long behindBytes) {
    public static final long NOT_COUNTED = -1;

    public RecordBatch {
        records = List.copyOf(records);
    }

    public RecordBatch(List<StoredRecord> records, long endPosition) {
        this(records, endPosition, NOT_COUNTED);
    }
}
