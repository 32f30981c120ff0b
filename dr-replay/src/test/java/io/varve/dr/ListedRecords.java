package io.varve.dr;

import io.varve.journal.RecordReader;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.projections.namespace.RecordSource;

import java.util.ArrayList;
import java.util.List;

/** Records on the heap, as if read from a journal. */
final class ListedRecords implements RecordSource {
    private static final String ETAG = "0123456789abcdef0123456789abcdef";

    private final List<JournalRecord> records = new ArrayList<>();

    void add(Change change) {
        long position = records.size() + 1L;
        records.add(
                new JournalRecord(
                        0,
                        position,
                        1_700_000_000_000_000L + position,
                        1,
                        new RequestId(4, position),
                        "alice",
                        change));
    }

    /** A bucket, which gets the id 1, with so many objects. */
    static ListedRecords ofObjects(int count) {
        ListedRecords records = new ListedRecords();
        records.add(new BucketChange.CreateBucket("photos", "alice"));
        for (int i = 0; i < count; i++) {
            records.put("key-" + i);
        }
        return records;
    }

    void put(String key) {
        Manifest manifest = new Manifest(0, List.of(new BlobRef(1, records.size(), 10, 3)));
        add(
                new ObjectChange.PutObject(
                        1, key, ETAG, manifest, Attributes.NONE, List.of(), Precondition.NONE));
    }

    @Override
    public long endPosition() {
        return records.size();
    }

    @Override
    public RecordReader read(long fromPosition) {
        return new RecordReader() {
            private int next = (int) fromPosition - 1;

            @Override
            public List<JournalRecord> next(int maxRecords) {
                int to = Math.min(records.size(), next + maxRecords);
                List<JournalRecord> page = List.copyOf(records.subList(next, to));
                next = to;
                return page;
            }

            @Override
            public List<JournalRecord> awaitNext(int maxRecords) {
                return next(maxRecords);
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
    }
}
