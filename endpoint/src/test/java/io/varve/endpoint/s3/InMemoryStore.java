package io.varve.endpoint.s3;

import io.varve.endpoint.s3.InMemoryBucket.OpenUpload;
import io.varve.endpoint.s3.InMemoryBucket.PartRow;
import io.varve.endpoint.s3.InMemoryBucket.Row;
import io.varve.endpoint.store.Caller;
import io.varve.endpoint.store.NameScope;
import io.varve.endpoint.store.ObjectBody;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.journal.record.AccountChange;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.UploadChange.PartRef;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Part;
import io.varve.projections.namespace.Refusal;
import io.varve.projections.namespace.Upload;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A store in memory, by S3's rules, so that the front end is tested by itself. Every change is a
 * step of one second, which makes the times of a test known. Safe for use by many threads.
 */
final class InMemoryStore implements ObjectStore {
    static final long START_MICROS = 1_767_323_045_000_000L;

    private final NavigableMap<String, InMemoryBucket> buckets = new TreeMap<>(Utf8Order.KEYS);
    private final Map<String, TreeMap<String, String>> accountSettings = new HashMap<>();
    private long position;
    private @Nullable RuntimeException fault;

    /** Every write from now on fails so. */
    void failWith(RuntimeException exception) {
        fault = exception;
    }

    NavigableMap<String, InMemoryBucket> buckets() {
        return buckets;
    }

    synchronized long position() {
        return position;
    }

    private long step() {
        if (fault != null) {
            throw fault;
        }
        return ++position;
    }

    private static long micros(long position) {
        return START_MICROS + position * 1_000_000;
    }

    @Override
    public NamespaceView view() {
        return new InMemoryView(this);
    }

    @Override
    public NameScope names() {
        return NameScope.SITE;
    }

    Optional<InMemoryBucket> find(long bucketId) {
        return buckets.values().stream().filter(bucket -> bucket.id == bucketId).findFirst();
    }

    private static Outcome refused(Refusal reason) {
        return new Outcome.Refused(reason);
    }

    @Override
    public synchronized Outcome change(Caller caller, AccountChange change) {
        step();
        return switch (change) {
            case AccountChange.ChangeAccountSettings(String account, var set, var removed) -> {
                var settings = accountSettings.computeIfAbsent(account, _ -> new TreeMap<>());
                settings.keySet().removeAll(removed);
                settings.putAll(set);
                yield new Outcome.Applied();
            }
        };
    }

    @Override
    public synchronized Outcome change(Caller caller, BucketChange change) {
        long at = step();
        return switch (change) {
            case BucketChange.CreateBucket(String name, String owner, var settings) -> {
                InMemoryBucket taken = buckets.get(name);
                if (taken != null) {
                    yield refused(
                            taken.owner.equals(owner)
                                    ? Refusal.BUCKET_OWNED_BY_CALLER
                                    : Refusal.BUCKET_EXISTS);
                }
                InMemoryBucket bucket = new InMemoryBucket(at, name, owner, micros(at));
                bucket.settings.putAll(settings);
                buckets.put(name, bucket);
                yield new Outcome.BucketCreated(at);
            }
            case BucketChange.DeleteBucket(long id) -> {
                Optional<InMemoryBucket> bucket = find(id);
                if (bucket.isEmpty()) {
                    yield refused(Refusal.NO_SUCH_BUCKET);
                }
                if (!bucket.get().keys.isEmpty()) {
                    yield refused(Refusal.BUCKET_NOT_EMPTY);
                }
                buckets.remove(bucket.get().name);
                yield new Outcome.Applied();
            }
            case BucketChange.SetVersioning(long id, Versioning versioning) -> {
                find(id).orElseThrow().versioning = versioning;
                yield new Outcome.Applied();
            }
            case BucketChange.ChangeBucketSettings(long id, var set, var removed) -> {
                TreeMap<String, String> settings = find(id).orElseThrow().settings;
                settings.keySet().removeAll(removed);
                settings.putAll(set);
                yield new Outcome.Applied();
            }
            case BucketChange.CreateSnapshot _, BucketChange.RemoveSnapshot _ ->
                    throw new UnsupportedOperationException("no past is kept here");
        };
    }

    @Override
    public Outcome put(Caller caller, PutCommand command, ObjectBody body) throws IOException {
        byte[] bytes = read(body);
        String etag = HexFormat.of().formatHex(Digests.md5().digest(bytes));
        synchronized (this) {
            return place(
                    command.bucketId(),
                    command.key(),
                    command.condition(),
                    new Content(etag, bytes, List.of(), command.attributes(), body.checksums()));
        }
    }

    private static byte[] read(ObjectBody body) throws IOException {
        byte[] bytes;
        try (InputStream stream = body.stream()) {
            bytes = stream.readAllBytes();
        }
        body.verifyMd5(Digests.md5().digest(bytes));
        return bytes;
    }

    private record Content(
            String etag,
            byte[] bytes,
            List<Part> parts,
            Attributes attributes,
            List<Checksum> checksums) {}

    private Outcome place(long bucketId, String key, Precondition condition, Content content) {
        long at = step();
        Optional<InMemoryBucket> bucket = find(bucketId);
        if (bucket.isEmpty()) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        Optional<Refusal> violated = violated(bucket.get(), key, condition);
        if (violated.isPresent()) {
            return refused(violated.get());
        }
        ObjectVersion version =
                new ObjectVersion(
                        bucketId,
                        key,
                        at,
                        bucket.get().versioning != Versioning.ENABLED,
                        false,
                        micros(at),
                        content.bytes().length,
                        content.etag(),
                        content.parts().size(),
                        content.attributes(),
                        content.checksums());
        bucket.get().place(new Row(version, content.bytes(), content.parts()));
        return new Outcome.ObjectPut(version, version.versionId());
    }

    private static Optional<Refusal> violated(
            InMemoryBucket bucket, String key, Precondition condition) {
        Optional<Row> current = bucket.current(key);
        return switch (condition) {
            case Precondition.None _ -> Optional.empty();
            case Precondition.IfAbsent _ -> current.map(_ -> Refusal.PRECONDITION_FAILED);
            case Precondition.IfMatch(String etag) -> {
                if (current.isEmpty()) {
                    yield Optional.of(Refusal.NO_SUCH_KEY);
                }
                boolean matches = etag.equals("*") || etag.equals(current.get().version().etag());
                yield matches ? Optional.empty() : Optional.of(Refusal.PRECONDITION_FAILED);
            }
            case Precondition.IfOlder older ->
                    throw new AssertionError("no client of S3 asks for " + older);
        };
    }

    @Override
    public synchronized Outcome change(Caller caller, ObjectChange change) {
        return switch (change) {
            case ObjectChange.PutObject _ ->
                    throw new IllegalArgumentException("bytes come by put");
            case ObjectChange.CopyObject copy -> {
                Optional<Row> source =
                        find(copy.source().bucketId())
                                .flatMap(
                                        b ->
                                                b.madeAt(
                                                        copy.source().key(),
                                                        copy.source().position()));
                if (source.isEmpty()) {
                    yield refused(Refusal.SOURCE_GONE);
                }
                ObjectVersion from = source.get().version();
                Attributes attributes = copy.attributes();
                yield place(
                        copy.bucketId(),
                        copy.key(),
                        copy.condition(),
                        new Content(
                                from.etag(),
                                source.get().bytes(),
                                source.get().parts(),
                                attributes == null ? from.attributes() : attributes,
                                from.checksums()));
            }
            case ObjectChange.DeleteObject delete -> delete(delete);
            case ObjectChange.SetAttributes set -> setAttributes(set);
            case ObjectChange.ExpireObject _ ->
                    throw new IllegalArgumentException("no front end expires objects");
            case ObjectChange.RemoveVersion _,
                    ObjectChange.RestoreVersion _,
                    ObjectChange.TransitionVersion _,
                    ObjectChange.EraseHistory _,
                    ObjectChange.WithdrawObject _ ->
                    throw new IllegalArgumentException("S3 does not do that");
        };
    }

    private Outcome setAttributes(ObjectChange.SetAttributes set) {
        long at = step();
        Optional<Row> row = find(set.bucketId()).flatMap(b -> b.madeAt(set.key(), set.position()));
        if (row.isEmpty() || row.get().version().deleteMarker()) {
            return refused(Refusal.NO_SUCH_VERSION);
        }
        ObjectVersion from = row.get().version();
        if (set.revision() != 0 && set.revision() != from.revision()) {
            return refused(Refusal.REVISED);
        }
        ObjectVersion to =
                new ObjectVersion(
                        from.bucketId(),
                        from.key(),
                        from.position(),
                        from.nullVersion(),
                        false,
                        set.touch() ? micros(at) : from.createdMicros(),
                        from.sizeBytes(),
                        from.etag(),
                        from.partCount(),
                        set.attributes(),
                        from.checksums(),
                        at);
        Row next = new Row(to, row.get().bytes(), row.get().parts());
        find(set.bucketId())
                .orElseThrow()
                .keys
                .getOrDefault(set.key(), List.of())
                .replaceAll(old -> old.version().position() == set.position() ? next : old);
        return new Outcome.AttributesSet(to);
    }

    synchronized TreeMap<String, String> accountSettings(String account) {
        return new TreeMap<>(accountSettings.getOrDefault(account, new TreeMap<>()));
    }

    private Outcome delete(ObjectChange.DeleteObject delete) {
        long at = step();
        Optional<InMemoryBucket> found = find(delete.bucketId());
        if (found.isEmpty()) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        InMemoryBucket bucket = found.get();
        Optional<Refusal> violated = violated(bucket, delete.key(), delete.condition());
        if (violated.isPresent()) {
            return refused(violated.get());
        }
        VersionId version = delete.version();
        if (version != null) {
            boolean marker =
                    bucket.version(delete.key(), version)
                            .filter(row -> row.version().deleteMarker())
                            .isPresent();
            bucket.remove(delete.key(), version);
            return new Outcome.ObjectDeleted(version, marker);
        }
        if (bucket.versioning == Versioning.OFF) {
            bucket.remove(delete.key(), VersionId.NULL);
            return new Outcome.ObjectDeleted(null, false);
        }
        ObjectVersion marker =
                new ObjectVersion(
                        bucket.id,
                        delete.key(),
                        at,
                        bucket.versioning != Versioning.ENABLED,
                        true,
                        micros(at),
                        0,
                        "",
                        0,
                        Attributes.NONE,
                        List.of());
        bucket.place(new Row(marker, new byte[0], List.of()));
        return new Outcome.ObjectDeleted(marker.versionId(), true);
    }

    @Override
    public List<Outcome> changeAll(Caller caller, Iterable<? extends ObjectChange> changes) {
        List<Outcome> outcomes = new ArrayList<>();
        for (ObjectChange change : changes) {
            outcomes.add(change(caller, change));
        }
        return outcomes;
    }

    @Override
    public synchronized Outcome change(Caller caller, UploadChange change) {
        Optional<InMemoryBucket> bucket = find(change.bucketId());
        if (bucket.isEmpty()) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        return switch (change) {
            case UploadChange.StartUpload start -> start(caller, bucket.get(), start);
            case UploadChange.PutPart _ ->
                    throw new IllegalArgumentException("bytes come by putPart");
            case UploadChange.CompleteUpload complete -> complete(bucket.get(), complete);
            case UploadChange.AbortUpload abort ->
                    open(bucket.get(), abort.key(), abort.uploadId()).isEmpty()
                                    || bucket.get().uploads.remove(abort.uploadId()) == null
                            ? refused(Refusal.NO_SUCH_UPLOAD)
                            : new Outcome.Applied();
        };
    }

    private Outcome start(Caller caller, InMemoryBucket bucket, UploadChange.StartUpload start) {
        long at = step();
        Upload upload =
                new Upload(
                        at,
                        bucket.id,
                        start.key(),
                        caller.principal(),
                        micros(at),
                        start.attributes(),
                        start.algorithm(),
                        start.checksumType());
        bucket.uploads.put(at, new OpenUpload(upload, new TreeMap<>()));
        return new Outcome.UploadStarted(at);
    }

    static Optional<OpenUpload> open(InMemoryBucket bucket, String key, long uploadId) {
        return Optional.ofNullable(bucket.uploads.get(uploadId))
                .filter(open -> open.upload().key().equals(key));
    }

    @Override
    public Outcome putPart(Caller caller, PartCommand command, ObjectBody body) throws IOException {
        byte[] bytes = read(body);
        synchronized (this) {
            long at = step();
            Optional<OpenUpload> open =
                    find(command.bucketId())
                            .flatMap(b -> open(b, command.key(), command.uploadId()));
            if (open.isEmpty()) {
                return refused(Refusal.NO_SUCH_UPLOAD);
            }
            Part part =
                    new Part(
                            command.partNumber(),
                            bytes.length,
                            HexFormat.of().formatHex(Digests.md5().digest(bytes)),
                            micros(at),
                            body.checksums());
            open.get().parts().put(command.partNumber(), new PartRow(part, bytes));
            return new Outcome.PartPut(part);
        }
    }

    private Outcome complete(InMemoryBucket bucket, UploadChange.CompleteUpload complete) {
        Optional<OpenUpload> open = open(bucket, complete.key(), complete.uploadId());
        if (open.isEmpty()) {
            return refused(Refusal.NO_SUCH_UPLOAD);
        }
        Map<Integer, PartRow> stored = new HashMap<>(open.get().parts());
        List<Part> parts = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (PartRef ref : complete.parts()) {
            PartRow row = stored.get(ref.partNumber());
            if (row == null || !row.part().etag().equals(ref.etag())) {
                return refused(Refusal.INVALID_PART);
            }
            if (!parts.isEmpty() && parts.getLast().sizeBytes() < complete.minPartSizeBytes()) {
                return refused(Refusal.PART_TOO_SMALL);
            }
            parts.add(row.part());
            bytes.writeBytes(row.bytes());
        }
        Outcome outcome =
                place(
                        bucket.id,
                        complete.key(),
                        complete.condition(),
                        new Content(
                                complete.etag(),
                                bytes.toByteArray(),
                                parts,
                                open.get().upload().attributes(),
                                complete.checksums()));
        if (outcome instanceof Outcome.ObjectPut(ObjectVersion version, _)) {
            bucket.uploads.remove(complete.uploadId());
            bucket.completed.put(complete.uploadId(), version);
        }
        return outcome;
    }

    @Override
    public synchronized ObjectReader open(ObjectVersion version, long offset, long lengthBytes) {
        byte[] bytes =
                find(version.bucketId())
                        .flatMap(bucket -> bucket.madeAt(version.key(), version.position()))
                        .orElseThrow()
                        .bytes();
        return new ObjectReader() {
            @Override
            public long lengthBytes() {
                return lengthBytes;
            }

            @Override
            public void transferTo(OutputStream out) throws IOException {
                out.write(bytes, (int) offset, (int) lengthBytes);
            }

            @Override
            public void close() {}
        };
    }
}
