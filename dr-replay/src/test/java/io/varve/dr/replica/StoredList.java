package io.varve.dr.replica;

import io.varve.journal.RecordReader;
import io.varve.journal.StoredJournal;
import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;
import io.varve.journal.codec.RecordCodec;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Stored records on the heap. What is read is counted; it neither leads nor follows. */
final class StoredList implements StoredJournal {
    private static final String ETAG = "0123456789abcdef0123456789abcdef";
    private static final int CHAIN_BYTES = 32;

    private final List<StoredRecord> records = new ArrayList<>();
    private long readCount;

    /** A record that puts an object of so many bytes; its time is its position in seconds. */
    void put(int blobBytes) {
        long position = records.size() + 1L;
        Manifest manifest =
                blobBytes == 0
                        ? Manifest.EMPTY
                        : new Manifest(0, List.of(new BlobRef(1, position, blobBytes, 3)));
        byte[] bytes =
                RecordCodec.encode(
                        new Draft(
                                new RequestId(4, position),
                                "alice",
                                new ObjectChange.PutObject(
                                        1,
                                        "key" + position,
                                        ETAG,
                                        manifest,
                                        Attributes.NONE,
                                        List.of(),
                                        Precondition.NONE)));
        records.add(
                new StoredRecord(
                        0, position, position * 1_000_000, 1, new byte[CHAIN_BYTES], bytes));
    }

    StoredRecord at(long position) {
        return records.get((int) position - 1);
    }

    long readCount() {
        return readCount;
    }

    @Override
    public long endPosition() {
        return records.size();
    }

    @Override
    public StoredReader stored(long fromPosition) {
        return new StoredReader() {
            private long next = fromPosition;

            @Override
            public List<StoredRecord> next(int maxRecords, long maxBytes) {
                int to = (int) Math.min(records.size(), next - 1 + maxRecords);
                List<StoredRecord> page = List.copyOf(records.subList((int) next - 1, to));
                next = to + 1L;
                readCount += page.size();
                return page;
            }

            @Override
            public long nextPosition() {
                return next;
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
    }

    @Override
    public CompletableFuture<JournalRecord> append(Draft draft) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RecordReader read(long fromPosition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] chainHash(long position) {
        return new byte[CHAIN_BYTES];
    }

    @Override
    public void appendStored(List<StoredRecord> stored) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long lead(long epochMin) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean leads() {
        return false;
    }

    @Override
    public long writerEpoch() {
        return 1;
    }

    @Override
    public boolean awaitDurable(long position, Duration timeout) {
        return position <= records.size();
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
