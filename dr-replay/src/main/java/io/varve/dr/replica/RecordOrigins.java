package io.varve.dr.replica;

import io.varve.journal.RecordReader;
import io.varve.journal.StoredJournal;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Change;
import io.varve.journal.record.JournalRecord;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Finds the records that brought blobs, by reading the journal once. */
public final class RecordOrigins {
    private static final int READ_COUNT = 1024;

    private RecordOrigins() {}

    /** A record as far as it says whose a blob is. */
    public record Origin(Change change, long timeMicros) {}

    /**
     * @param ended when it says so what was found until then is all
     */
    public static Map<BlobRef, Origin> of(
            StoredJournal journal, Set<BlobRef> blobs, BooleanSupplier ended) {
        Map<BlobRef, Origin> found = new HashMap<>();
        try (RecordReader reader = journal.read(1)) {
            List<JournalRecord> page = reader.next(READ_COUNT);
            while (!page.isEmpty() && found.size() < blobs.size() && !ended.getAsBoolean()) {
                for (JournalRecord record : page) {
                    for (BlobRef blob : RecordBlobs.of(record.change())) {
                        if (blobs.contains(blob)) {
                            found.putIfAbsent(
                                    blob, new Origin(record.change(), record.timeMicros()));
                        }
                    }
                }
                page = reader.next(READ_COUNT);
            }
        }
        return found;
    }
}
