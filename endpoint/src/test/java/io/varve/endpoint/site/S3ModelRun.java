package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.site.S3Model.ModelBucket;
import io.varve.endpoint.site.S3Model.ModelUpload;
import io.varve.endpoint.site.S3Model.Result;
import io.varve.endpoint.site.S3Model.Version;
import io.varve.endpoint.store.Caller;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.ObjectStore.PartCommand;
import io.varve.endpoint.store.PutCommand;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.UploadChange.PartRef;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.VersionRef;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Outcome;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Random changes and questions, put to a store and to the model alike; the answers must be equal.
 * All of it follows from the seed.
 */
final class S3ModelRun {
    private static final int MIN_PART_BYTES = 700;
    private static final List<String> NAMES = List.of("b0", "b1", "b2", "b3", "b4");
    private static final List<String> OWNERS = List.of("alice", "bob");

    private final long seed;
    private final Random random;
    private final StoreUnderTest subject;
    private final S3Model model = new S3Model();
    private final S3ModelQueries queries;
    private final List<String> keys;
    private final ArrayDeque<String> lately = new ArrayDeque<>();

    /** Versions, uploads and buckets there are or were, to ask for again. */
    private final List<VersionRef> versionsSeen = new ArrayList<>();

    private final List<UploadRef> uploadsSeen = new ArrayList<>();
    private final List<Long> bucketsSeen = new ArrayList<>(List.of(1L << 40));

    private record UploadRef(long bucketId, String key, long uploadId) {}

    S3ModelRun(long seed, StoreUnderTest subject) {
        this.seed = seed;
        this.random = new Random(seed);
        this.subject = subject;
        this.keys = S3ModelKeys.some(random, 60);
        this.queries = new S3ModelQueries(random, model, subject::store, keys);
    }

    void run(int operations, int restartEvery) {
        int done = 0;
        try {
            for (; done < operations; done++) {
                step();
                if ((done + 1) % restartEvery == 0) {
                    subject.restart();
                    queries.compareAll();
                    queries.compareBlobs(subject.blobs(), StoreUnderTest.COPIES);
                }
            }
            queries.compareAll();
            removeAll();
        } catch (IOException | RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "seed %d, operation %d: %s%nlately:%n%s"
                            .formatted(seed, done, e, String.join("\n", lately)),
                    e);
        }
    }

    private void note(String format, Object... arguments) {
        lately.addLast(format.formatted(arguments));
        if (lately.size() > 25) {
            lately.removeFirst();
        }
    }

    private void step() throws IOException {
        int dice = random.nextInt(1000);
        if (dice < 190) {
            put(false);
        } else if (dice < 205) {
            put(true);
        } else if (dice < 280) {
            delete();
        } else if (dice < 340) {
            deleteVersion();
        } else if (dice < 360) {
            deleteMany();
        } else if (dice < 430) {
            copy();
        } else if (dice < 455) {
            createBucket();
        } else if (dice < 465) {
            deleteBucket();
        } else if (dice < 485) {
            setVersioning();
        } else if (dice < 525) {
            startUpload();
        } else if (dice < 605) {
            putPart();
        } else if (dice < 645) {
            completeUpload();
        } else if (dice < 660) {
            abortUpload();
        } else if (dice < 663) {
            forget();
        } else {
            queries.ask(someBucket());
        }
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private String someKey() {
        return pick(keys);
    }

    private long someBucket() {
        if (random.nextInt(40) == 0 || model.buckets.isEmpty()) {
            return pick(bucketsSeen);
        }
        return pick(List.copyOf(model.buckets.values())).id;
    }

    private ModelContent someContent() {
        int length =
                switch (random.nextInt(20)) {
                    case 0 -> 0;
                    case 1 -> 10_000 + random.nextInt(60_000);
                    case 2, 3, 4 -> 4096 * random.nextInt(5) + random.nextInt(3) - 1;
                    default -> random.nextInt(2000);
                };
        return ModelContent.of(random.nextLong(), Math.max(0, length));
    }

    private Attributes someAttributes() {
        SortedMap<String, String> headers = new TreeMap<>();
        SortedMap<String, String> metadata = new TreeMap<>();
        if (random.nextBoolean()) {
            headers.put("content-type", "text/" + random.nextInt(5));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            metadata.put("m" + random.nextInt(4), "wért " + random.nextInt());
        }
        return new Attributes(headers, metadata);
    }

    private Precondition someCondition(long bucketId, String key) {
        ModelBucket bucket = model.bucket(bucketId);
        Version current = bucket == null ? null : bucket.current(key);
        return switch (random.nextInt(12)) {
            case 0 -> new Precondition.IfAbsent();
            case 1 -> new Precondition.IfMatch("*");
            case 2 -> new Precondition.IfMatch(current == null ? "none" : current.etag());
            case 3 -> new Precondition.IfMatch("0123");
            default -> Precondition.NONE;
        };
    }

    private Caller caller(String account) {
        return new Caller(
                account, "key-" + account, new RequestId(random.nextLong(), random.nextLong()));
    }

    private ObjectStore store() {
        return subject.store();
    }

    private long nextPosition() {
        return store().view().appliedPosition() + 1;
    }

    /** The next record has this position, unless the store refused before it appended. */
    private void agree(Result expected, Outcome actual, long position) {
        assertTrue(store().view().appliedPosition() <= position);
        switch (expected) {
            case Result.Refused refused ->
                    assertEquals(new Outcome.Refused(refused.reason()), actual);
            case Result.Deleted deleted ->
                    assertEquals(
                            new Outcome.ObjectDeleted(deleted.version(), deleted.marker()), actual);
            case Result.Put put -> {
                if (actual instanceof Outcome.ObjectPut stored) {
                    queries.compare(put.version(), stored.version());
                    assertEquals(put.version().id(), stored.versionId());
                } else {
                    assertEquals(put.toString(), actual.toString());
                }
            }
            case Result.Done done ->
                    assertTrue(!(actual instanceof Outcome.Refused), actual.toString());
        }
    }

    private void seen(long bucketId, String key, long position) {
        versionsSeen.add(new VersionRef(bucketId, key, position));
        if (versionsSeen.size() > 400) {
            versionsSeen.remove(random.nextInt(versionsSeen.size()));
        }
    }

    private void put(boolean breaksOff) throws IOException {
        long bucket = someBucket();
        String key = someKey();
        ModelContent content = someContent();
        Attributes attributes = someAttributes();
        Precondition condition = breaksOff ? Precondition.NONE : someCondition(bucket, key);
        long position = nextPosition();
        PutCommand command = new PutCommand(bucket, key, attributes, condition);
        ModelBody body = new ModelBody(content, breaksOff, random);
        note("put %s %s %d %s@%d", bucket, key, content.lengthBytes(), condition, position);
        if (breaksOff && model.bucket(bucket) != null) {
            assertThrows(IOException.class, () -> store().put(caller("alice"), command, body));
            assertEquals(position - 1, store().view().appliedPosition());
            return;
        }
        agree(
                model.put(bucket, key, content, attributes, condition, position),
                store().put(caller("alice"), command, body),
                position);
        seen(bucket, key, position);
    }

    private void delete() {
        long bucket = someBucket();
        String key = someKey();
        Precondition condition = someCondition(bucket, key);
        long position = nextPosition();
        note("delete %s %s %s@%d", bucket, key, condition, position);
        agree(
                model.delete(bucket, key, null, condition, position),
                store().change(
                                caller("bob"),
                                new ObjectChange.DeleteObject(bucket, key, null, condition)),
                position);
        seen(bucket, key, position);
    }

    private VersionRef someVersion() {
        if (versionsSeen.isEmpty() || random.nextInt(10) == 0) {
            return new VersionRef(someBucket(), someKey(), 1 + random.nextInt(1000));
        }
        return pick(versionsSeen);
    }

    private VersionId idOf(VersionRef ref) {
        ModelBucket bucket = model.bucket(ref.bucketId());
        if (bucket != null) {
            for (Version version : bucket.versions(ref.key())) {
                if (version.position() == ref.position()) {
                    return version.id();
                }
            }
        }
        return random.nextBoolean() ? VersionId.NULL : new VersionId(ref.position());
    }

    private void deleteVersion() {
        VersionRef ref = someVersion();
        VersionId id = idOf(ref);
        long position = nextPosition();
        note("delete version %s %s@%d", ref, id, position);
        agree(
                model.delete(ref.bucketId(), ref.key(), id, Precondition.NONE, position),
                store().change(
                                caller("bob"),
                                new ObjectChange.DeleteObject(
                                        ref.bucketId(), ref.key(), id, Precondition.NONE)),
                position);
    }

    private void deleteMany() {
        long bucket = someBucket();
        long position = nextPosition();
        List<ObjectChange.DeleteObject> changes = new ArrayList<>();
        List<Result> expected = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            String key = someKey();
            VersionId id = random.nextInt(4) == 0 ? VersionId.NULL : null;
            changes.add(new ObjectChange.DeleteObject(bucket, key, id, Precondition.NONE));
            long at = position + expected.size();
            expected.add(model.delete(bucket, key, id, Precondition.NONE, at));
        }
        note("delete many %s %s@%d", bucket, changes, position);
        List<Outcome> outcomes = store().changeAll(caller("bob"), changes);
        assertEquals(expected.size(), outcomes.size());
        for (int i = 0; i < outcomes.size(); i++) {
            agree(expected.get(i), outcomes.get(i), position + outcomes.size() - 1);
        }
    }

    private void copy() {
        long bucket = someBucket();
        String key = someKey();
        VersionRef source = someVersion();
        Attributes attributes = random.nextBoolean() ? null : someAttributes();
        Precondition condition = someCondition(bucket, key);
        long position = nextPosition();
        note("copy %s %s from %s %s@%d", bucket, key, source, condition, position);
        agree(
                model.copy(bucket, key, source, attributes, condition, position),
                store().change(
                                caller("alice"),
                                new ObjectChange.CopyObject(
                                        bucket, key, source, attributes, condition)),
                position);
        seen(bucket, key, position);
    }

    private void createBucket() {
        String name = pick(NAMES);
        String owner = pick(OWNERS);
        long position = nextPosition();
        note("create bucket %s %s@%d", name, owner, position);
        agree(
                model.createBucket(name, owner, position),
                store().change(caller(owner), new BucketChange.CreateBucket(name, owner)),
                position);
        bucketsSeen.add(position);
    }

    private void deleteBucket() {
        long bucket = someBucket();
        long position = nextPosition();
        note("delete bucket %s@%d", bucket, position);
        agree(
                model.deleteBucket(bucket),
                store().change(caller("alice"), new BucketChange.DeleteBucket(bucket)),
                position);
    }

    private void setVersioning() {
        long bucket = someBucket();
        Versioning versioning = pick(List.of(Versioning.values()));
        long position = nextPosition();
        note("versioning %s %s@%d", bucket, versioning, position);
        agree(
                model.setVersioning(bucket, versioning),
                store().change(caller("bob"), new BucketChange.SetVersioning(bucket, versioning)),
                position);
    }

    private void startUpload() {
        long bucket = someBucket();
        String key = someKey();
        Attributes attributes = someAttributes();
        long position = nextPosition();
        note("start upload %s %s@%d", bucket, key, position);
        agree(
                model.startUpload(bucket, key, attributes, position),
                store().change(
                                caller("alice"),
                                new UploadChange.StartUpload(bucket, key, attributes, null, null)),
                position);
        uploadsSeen.add(new UploadRef(bucket, key, position));
        if (uploadsSeen.size() > 12) {
            uploadsSeen.remove(random.nextInt(uploadsSeen.size()));
        }
    }

    private @Nullable UploadRef someUpload() {
        return uploadsSeen.isEmpty() ? null : pick(uploadsSeen);
    }

    private void putPart() throws IOException {
        UploadRef ref = someUpload();
        if (ref == null) {
            return;
        }
        int number = 1 + random.nextInt(6);
        ModelContent content =
                random.nextInt(4) == 0
                        ? someContent()
                        : ModelContent.of(random.nextLong(), MIN_PART_BYTES + random.nextInt(900));
        long position = nextPosition();
        note("put part %s %d %d@%d", ref, number, content.lengthBytes(), position);
        Outcome outcome =
                store().putPart(
                                caller("bob"),
                                new PartCommand(ref.bucketId(), ref.key(), ref.uploadId(), number),
                                new ModelBody(content, false, random));
        agree(
                model.putPart(ref.bucketId(), ref.key(), ref.uploadId(), number, content),
                outcome,
                position);
        if (outcome instanceof Outcome.PartPut put) {
            assertEquals(content.md5(), put.part().etag());
            assertEquals(content.lengthBytes(), put.part().sizeBytes());
            assertEquals(number, put.part().partNumber());
        }
    }

    private List<PartRef> someParts(@Nullable ModelUpload upload) {
        List<PartRef> parts = new ArrayList<>();
        if (upload != null) {
            upload.parts.forEach(
                    (number, part) -> {
                        if (random.nextInt(5) > 0) {
                            parts.add(new PartRef(number, part.etag()));
                        }
                    });
        }
        // One fault at a time: which of two is told first is not a rule of S3.
        int fault = random.nextInt(12);
        if (parts.isEmpty() || fault == 0) {
            return List.of(new PartRef(9, "0".repeat(32)));
        }
        if (fault == 1) {
            parts.set(0, new PartRef(parts.getFirst().partNumber(), "f".repeat(32)));
        }
        if (fault == 2 && parts.size() > 1) {
            parts.add(parts.removeFirst());
        }
        return parts;
    }

    private static String compositeEtag(List<PartRef> parts) {
        ByteArrayOutputStream digests = new ByteArrayOutputStream();
        parts.forEach(part -> digests.writeBytes(HexFormat.of().parseHex(part.etag())));
        byte[] md5 = ModelContent.md5Of(digests.toByteArray());
        return HexFormat.of().formatHex(md5) + "-" + parts.size();
    }

    private void completeUpload() {
        UploadRef ref = someUpload();
        if (ref == null) {
            return;
        }
        List<PartRef> parts = someParts(model.upload(ref.bucketId(), ref.key(), ref.uploadId()));
        String etag = compositeEtag(parts);
        Precondition condition =
                random.nextInt(5) == 0
                        ? someCondition(ref.bucketId(), ref.key())
                        : Precondition.NONE;
        long position = nextPosition();
        note("complete %s %s %s@%d", ref, parts, condition, position);
        Result expected =
                model.completeUpload(
                        ref.bucketId(),
                        ref.key(),
                        ref.uploadId(),
                        parts,
                        etag,
                        MIN_PART_BYTES,
                        condition,
                        position);
        Outcome outcome =
                store().change(
                                caller("alice"),
                                new UploadChange.CompleteUpload(
                                        ref.bucketId(),
                                        ref.key(),
                                        ref.uploadId(),
                                        parts,
                                        etag,
                                        List.of(),
                                        MIN_PART_BYTES,
                                        condition));
        agree(expected, outcome, position);
        if (expected instanceof Result.Put) {
            seen(ref.bucketId(), ref.key(), position);
        }
        queries.compareCompleted(ref.bucketId(), ref.key(), ref.uploadId());
    }

    private void abortUpload() {
        UploadRef ref = someUpload();
        if (ref == null) {
            return;
        }
        abort(ref);
    }

    private void abort(UploadRef ref) {
        long position = nextPosition();
        note("abort %s@%d", ref, position);
        agree(
                model.abortUpload(ref.bucketId(), ref.key(), ref.uploadId()),
                store().change(
                                caller("bob"),
                                new UploadChange.AbortUpload(
                                        ref.bucketId(), ref.key(), ref.uploadId())),
                position);
    }

    private void forget() {
        note("forget history");
        subject.forgetHistory();
        model.forgetHistory();
    }

    /** At the end nothing may be left anywhere: neither a version nor a blob. */
    private void removeAll() {
        for (ModelBucket bucket : List.copyOf(model.buckets.values())) {
            for (ModelUpload upload : List.copyOf(bucket.uploads.values())) {
                abort(new UploadRef(bucket.id, upload.key, upload.id));
            }
            for (String key : List.copyOf(bucket.keys.keySet())) {
                for (Version version : List.copyOf(bucket.versions(key))) {
                    long position = nextPosition();
                    agree(
                            model.delete(bucket.id, key, version.id(), Precondition.NONE, position),
                            store().change(
                                            caller("bob"),
                                            new ObjectChange.DeleteObject(
                                                    bucket.id,
                                                    key,
                                                    version.id(),
                                                    Precondition.NONE)),
                            position);
                }
            }
            long position = nextPosition();
            agree(
                    model.deleteBucket(bucket.id),
                    store().change(caller("alice"), new BucketChange.DeleteBucket(bucket.id)),
                    position);
        }
        forget();
        assertEquals("{}", subject.blobs().toString());
    }
}
