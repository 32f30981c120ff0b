package io.varve.journal.text;

import io.varve.journal.RecordReader;
import io.varve.journal.record.JournalRecord;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * Prints a range of records, a line each, as it reads them.
 *
 * @param fromPosition the first one to print
 * @param toPosition the last one
 * @param bucket only the records of this bucket, as {@link BucketFilter} has it; null for all
 * @param json JSON instead of text
 */
public record JournalCat(
        long fromPosition, long toPosition, @Nullable String bucket, boolean json) {
    private static final int BATCH_RECORDS = 512;

    /** Where the reader must start: a bucket's name is only known from its creation on. */
    public long readFrom() {
        return bucket == null ? fromPosition : 1;
    }

    /** Prints what the reader has; returns how many records were printed. */
    public long print(RecordReader reader, Appendable out) throws IOException {
        BucketFilter filter = bucket == null ? null : new BucketFilter(bucket);
        Function<JournalRecord, String> form = json ? RecordJson::of : RecordText::of;
        long printed = 0;
        while (true) {
            List<JournalRecord> records = reader.next(BATCH_RECORDS);
            if (records.isEmpty()) {
                return printed;
            }
            for (JournalRecord record : records) {
                if (record.position() > toPosition) {
                    return printed;
                }
                boolean accepted = filter == null || filter.accepts(record);
                if (accepted && record.position() >= fromPosition) {
                    out.append(form.apply(record)).append('\n');
                    printed++;
                }
            }
        }
    }
}
