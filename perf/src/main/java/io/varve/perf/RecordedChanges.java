package io.varve.perf;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.UploadChange;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * What clients of a busy bucket do, as drafts: of a hundred records some 62 put new objects, 10
 * overwrite one, 13 delete one, and 15 are of multipart uploads of three parts. The same seed gives
 * the same changes.
 */
final class RecordedChanges {
    private static final String PRINCIPAL = "0123456789abcdef0123456789abcdef";
    private static final int PARTS = 3;
    private static final int PART_BYTES = 5 << 20;

    /** The bucket is made by the journal's first record. */
    private static final long BUCKET = 1;

    private final Random random;
    private final Consumer<Draft> journal;
    private long position;
    private int keys;

    RecordedChanges(long seed, Consumer<Draft> journal) {
        this.random = new Random(seed);
        this.journal = journal;
    }

    /** So many records, give or take those of an upload. */
    void record(long records) {
        append(new BucketChange.CreateBucket("recorded", "owner"));
        while (position < records) {
            int kind = random.nextInt(88);
            if (kind < 62 || keys == 0) {
                put(keys++);
            } else if (kind < 72) {
                put(random.nextInt(keys));
            } else if (kind < 85) {
                String key = key(random.nextInt(keys));
                append(new ObjectChange.DeleteObject(BUCKET, key, null, new Precondition.None()));
            } else {
                upload(key(keys++));
            }
        }
    }

    private void put(int number) {
        append(
                new ObjectChange.PutObject(
                        BUCKET,
                        key(number),
                        etag(),
                        manifest(4096),
                        Attributes.NONE,
                        List.of(),
                        new Precondition.None()));
    }

    private void upload(String key) {
        append(new UploadChange.StartUpload(BUCKET, key, Attributes.NONE, null, null));
        long uploadId = position;
        List<UploadChange.PartRef> parts = new ArrayList<>();
        for (int number = 1; number <= PARTS; number++) {
            String etag = etag();
            parts.add(new UploadChange.PartRef(number, etag));
            append(
                    new UploadChange.PutPart(
                            BUCKET, key, uploadId, number, etag, manifest(PART_BYTES), List.of()));
        }
        append(
                new UploadChange.CompleteUpload(
                        BUCKET,
                        key,
                        uploadId,
                        parts,
                        etag() + "-" + PARTS,
                        List.of(),
                        0,
                        new Precondition.None()));
    }

    private void append(Change change) {
        journal.accept(
                new Draft(new RequestId(random.nextLong(), random.nextLong()), PRINCIPAL, change));
        position++;
    }

    private static String key(int number) {
        return "photos/2026/%03d/image-%08d.jpg".formatted(number % 365, number);
    }

    private String etag() {
        return "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }

    private Manifest manifest(int lengthBytes) {
        return new Manifest(
                0,
                List.of(
                        new BlobRef(
                                random.nextLong(),
                                random.nextLong(),
                                lengthBytes,
                                random.nextInt())));
    }
}
