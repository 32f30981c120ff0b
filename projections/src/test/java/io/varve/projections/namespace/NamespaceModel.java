package io.varve.projections.namespace;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;
import io.varve.journal.record.WindowChange;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the namespace must do, as plainly as it can be said: lists and maps, searched from end to
 * end. Shares no code with the fold. Who holds which blobs is a set of holders, not a count.
 */
final class NamespaceModel {
    /** The order of UTF-8 bytes is that of code points, which is not that of Java's strings. */
    static final Comparator<String> BY_BYTES = NamespaceModel::compareCodePoints;

    final Map<Long, ModelBucket> buckets = new TreeMap<>();
    final List<Ended> history = new ArrayList<>();
    final Map<Long, ModelUpload> orphans = new TreeMap<>();
    final Map<Long, Done> completed = new TreeMap<>();
    final List<NamespaceView.ReleasedBlobs> released = new ArrayList<>();
    final Map<String, Map<String, String>> accountSettings = new TreeMap<>();
    private final Map<RequestId, Long> requests = new HashMap<>();

    /** The bytes of something, and who still needs them. */
    static final class Bytes {
        final Manifest manifest;
        final Set<Object> holders = new HashSet<>();

        Bytes(Manifest manifest) {
            this.manifest = manifest;
        }
    }

    /** A version, with the bytes of it in one piece or in parts. */
    static final class ModelVersion {
        ObjectVersion shown;
        List<Bytes> bytes;
        final List<Part> parts;

        ModelVersion(ObjectVersion shown, List<Bytes> bytes, List<Part> parts) {
            this.shown = shown;
            this.bytes = bytes;
            this.parts = parts;
            bytes.forEach(b -> b.holders.add(this));
        }

        List<BlobRef> blobs() {
            return bytes.stream().flatMap(b -> b.manifest.blobs().stream()).toList();
        }
    }

    static final class ModelUpload {
        final Upload shown;
        final Map<Integer, Part> parts = new TreeMap<>();
        final Map<Integer, Bytes> bytes = new HashMap<>();

        ModelUpload(Upload shown) {
            this.shown = shown;
        }
    }

    /** Something that ended: a version, the memory of an upload, or a bucket. */
    record Ended(
            long micros, long id, @Nullable ModelVersion version, @Nullable ModelBucket bucket) {}

    record Done(long bucketId, String key, ModelVersion version) {}

    private static int compareCodePoints(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int order = Integer.compare(a.codePointAt(i), b.codePointAt(i));
            if (order != 0) {
                return order;
            }
            i += Character.charCount(a.codePointAt(i));
        }
        return Integer.compare(a.length(), b.length());
    }

    Outcome apply(JournalRecord record) {
        Long before = requests.put(record.requestId(), record.position());
        if (before != null && record.position() - before <= Namespace.RECENT_REQUEST_COUNT) {
            return new Outcome.Refused(Refusal.REPEATED_REQUEST);
        }
        return switch (record.change()) {
            case BucketChange change -> bucketChange(change, record);
            case ObjectChange.PutObject put -> put(put, record);
            case ObjectChange.CopyObject copy -> copy(copy, record);
            case ObjectChange.DeleteObject delete -> delete(delete, record);
            case ObjectChange.SetAttributes set -> setAttributes(set, record);
            case ObjectChange.ExpireObject expire -> expire(expire, record);
            case ObjectChange.RemoveVersion remove -> remove(remove, record);
            case ObjectChange.RestoreVersion restore -> restore(restore);
            case ObjectChange.WithdrawObject withdraw -> withdraw(withdraw, record);
            case ObjectChange.EraseHistory erase ->
                    throw new IllegalArgumentException("the model keeps history: " + erase);
            case ObjectChange.TransitionVersion transition ->
                    ModelTransition.apply(this, transition, record);
            case AccountChange.ChangeAccountSettings change -> {
                var settings =
                        accountSettings.computeIfAbsent(change.account(), a -> new TreeMap<>());
                yield ModelSettings.change(settings, change.set(), change.removed());
            }
            case UploadChange.StartUpload start -> start(start, record);
            case UploadChange.PutPart put -> putPart(put, record);
            case UploadChange.CompleteUpload complete -> complete(complete, record);
            case UploadChange.AbortUpload abort -> abort(abort, record);
            case WindowChange.CloseWindow close -> close(close, record);
            case TopologyChange _ -> throw new IllegalArgumentException("not of the namespace");
            case IdentityChange _ -> throw new IllegalArgumentException("not of the namespace");
            case WindowChange.ConfirmDropped confirm -> {
                released.removeIf(
                        r ->
                                r.position() <= confirm.throughPosition()
                                        && r.position() < record.position());
                yield new Outcome.Applied();
            }
        };
    }

    @Nullable ModelBucket named(String name) {
        return buckets.values().stream().filter(b -> b.name.equals(name)).findAny().orElse(null);
    }

    private static Outcome refused(Refusal reason) {
        return new Outcome.Refused(reason);
    }

    private Outcome bucketChange(BucketChange change, JournalRecord record) {
        switch (change) {
            case BucketChange.CreateBucket create -> {
                ModelBucket taken = named(create.name());
                if (taken != null) {
                    return refused(
                            taken.owner.equals(create.owner())
                                    ? Refusal.BUCKET_OWNED_BY_CALLER
                                    : Refusal.BUCKET_EXISTS);
                }
                long id = record.position();
                var bucket =
                        new ModelBucket(id, create.name(), create.owner(), record.timeMicros());
                if (ModelSettings.change(bucket.settings, create.settings(), Set.of())
                        instanceof Outcome.Refused tooLarge) {
                    return tooLarge;
                }
                buckets.put(id, bucket);
                return new Outcome.BucketCreated(id);
            }
            case BucketChange.DeleteBucket delete -> {
                ModelBucket bucket = buckets.get(delete.bucketId());
                if (bucket == null) {
                    return refused(Refusal.NO_SUCH_BUCKET);
                }
                if (!bucket.keys.isEmpty()) {
                    return refused(Refusal.BUCKET_NOT_EMPTY);
                }
                buckets.remove(bucket.id);
                orphans.putAll(bucket.uploads);
                history.add(new Ended(record.timeMicros(), bucket.id, null, bucket));
                return new Outcome.Applied();
            }
            case BucketChange.CreateSnapshot _, BucketChange.RemoveSnapshot _ ->
                    throw new IllegalArgumentException("the model has no snapshots");
            case BucketChange.ChangeBucketSettings merge -> {
                ModelBucket bucket = buckets.get(merge.bucketId());
                return bucket == null
                        ? refused(Refusal.NO_SUCH_BUCKET)
                        : ModelSettings.change(bucket.settings, merge.set(), merge.removed());
            }
            case BucketChange.SetVersioning set -> {
                ModelBucket bucket = buckets.get(set.bucketId());
                if (bucket == null) {
                    return refused(Refusal.NO_SUCH_BUCKET);
                }
                if (set.versioning() == Versioning.OFF && bucket.versioning != Versioning.OFF) {
                    return refused(Refusal.INVALID_VERSIONING);
                }
                bucket.versioning = set.versioning();
                return new Outcome.Applied();
            }
        }
    }

    static @Nullable Refusal violated(
            Precondition condition, ModelBucket bucket, String key, JournalRecord record) {
        ModelVersion current = bucket.current(key);
        if (current != null
                && ModelSettings.expires(current.shown) * 1_000_000.0 <= record.timeMicros()) {
            current = null;
        }
        if (condition instanceof Precondition.IfAbsent && current != null) {
            return Refusal.PRECONDITION_FAILED;
        }
        if (condition instanceof Precondition.IfMatch match) {
            if (current == null) {
                return Refusal.NO_SUCH_KEY;
            }
            if (!match.etag().equals("*") && !match.etag().equals(current.shown.etag())) {
                return Refusal.PRECONDITION_FAILED;
            }
        }
        if (condition instanceof Precondition.IfOlder older && current != null) {
            String origin = current.shown.attributes().settings().get(Attributes.ORIGIN);
            long written = origin == null ? current.shown.createdMicros() : Long.parseLong(origin);
            return written >= older.originMicros() ? Refusal.PRECONDITION_FAILED : null;
        }
        return null;
    }

    /** Puts a version on top, after what the bucket's versioning makes of those below. */
    void push(ModelBucket bucket, ModelVersion version, JournalRecord record) {
        String key = version.shown.key();
        if (bucket.versioning != Versioning.ENABLED) {
            for (ModelVersion old : List.copyOf(bucket.versions(key))) {
                if (old.shown.nullVersion()) {
                    end(bucket, old, record);
                }
            }
        }
        bucket.add(version);
    }

    void end(ModelBucket bucket, ModelVersion old, JournalRecord record) {
        if (bucket.remove(old)) {
            history.add(new Ended(record.timeMicros(), old.shown.revision(), old, null));
        }
    }

    private void letGo(Bytes bytes, Object holder, long position) {
        bytes.holders.remove(holder);
        if (bytes.holders.isEmpty()) {
            release(bytes.manifest, position);
        }
    }

    private void release(Manifest manifest, long position) {
        if (!manifest.blobs().isEmpty()) {
            released.add(new NamespaceView.ReleasedBlobs(position, manifest));
        }
    }

    Outcome refusedBytes(Refusal reason, Manifest manifest, JournalRecord record) {
        release(manifest, record.position());
        return refused(reason);
    }

    private Outcome put(ObjectChange.PutObject put, JournalRecord record) {
        ModelBucket bucket = buckets.get(put.bucketId());
        Refusal refusal =
                bucket == null
                        ? Refusal.NO_SUCH_BUCKET
                        : violated(put.condition(), bucket, put.key(), record);
        if (refusal == null
                && bucket != null
                && ModelSettings.exceedsQuota(
                        this, bucket, put.key(), put.manifest().sizeBytes())) {
            refusal = Refusal.QUOTA_EXCEEDED;
        }
        if (refusal == null && bucket != null) {
            refusal = ModelArchive.keep(this, bucket, put.key(), record);
        }
        if (bucket == null || refusal != null) {
            release(put.manifest(), record.position());
            return refused(refusal == null ? Refusal.NO_SUCH_BUCKET : refusal);
        }
        ObjectVersion shown =
                new ObjectVersion(
                        bucket.id,
                        put.key(),
                        record.position(),
                        bucket.versioning != Versioning.ENABLED,
                        false,
                        record.timeMicros(),
                        put.manifest().sizeBytes(),
                        put.etag(),
                        0,
                        put.attributes(),
                        put.checksums());
        push(
                bucket,
                new ModelVersion(shown, List.of(new Bytes(put.manifest())), List.of()),
                record);
        return new Outcome.ObjectPut(shown, shown.versionId());
    }

    private @Nullable ModelVersion anywhere(long bucketId, String key, long position) {
        List<ModelVersion> all = new ArrayList<>();
        buckets.values().forEach(b -> b.keys.values().forEach(all::addAll));
        for (Ended ended : history) {
            if (ended.version() != null) {
                all.add(ended.version());
            }
        }
        return all.stream()
                .filter(v -> v.shown.bucketId() == bucketId)
                .filter(v -> v.shown.key().equals(key) && v.shown.position() == position)
                .findAny()
                .orElse(null);
    }

    /** The object that a completed upload became, wherever it is by now. */
    ObjectVersion madeBy(Done done) {
        ModelVersion version =
                anywhere(done.bucketId(), done.key(), done.version().shown.position());
        if (version == null) {
            throw new AssertionError("completed but nowhere: " + done);
        }
        return version.shown;
    }

    private Outcome copy(ObjectChange.CopyObject copy, JournalRecord record) {
        ModelBucket bucket = buckets.get(copy.bucketId());
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        Refusal refusal = violated(copy.condition(), bucket, copy.key(), record);
        if (refusal != null) {
            return refused(refusal);
        }
        ModelVersion source =
                anywhere(copy.source().bucketId(), copy.source().key(), copy.source().position());
        if (source == null || source.shown.deleteMarker()) {
            return refused(Refusal.SOURCE_GONE);
        }
        if (ModelSettings.exceedsQuota(this, bucket, copy.key(), source.shown.sizeBytes())) {
            return refused(Refusal.QUOTA_EXCEEDED);
        }
        Refusal noArchive = ModelArchive.keep(this, bucket, copy.key(), record);
        if (noArchive != null) {
            return refused(noArchive);
        }
        Attributes attributes = copy.attributes();
        ObjectVersion shown =
                new ObjectVersion(
                        bucket.id,
                        copy.key(),
                        record.position(),
                        bucket.versioning != Versioning.ENABLED,
                        false,
                        record.timeMicros(),
                        source.shown.sizeBytes(),
                        source.shown.etag(),
                        source.shown.partCount(),
                        attributes == null ? source.shown.attributes() : attributes,
                        source.shown.checksums());
        push(bucket, new ModelVersion(shown, source.bytes, source.parts), record);
        return new Outcome.ObjectPut(shown, shown.versionId());
    }

    private Outcome delete(ObjectChange.DeleteObject delete, JournalRecord record) {
        ModelBucket bucket = buckets.get(delete.bucketId());
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        Refusal refusal = violated(delete.condition(), bucket, delete.key(), record);
        VersionId version = delete.version();
        if (version == null && ModelArchive.name(bucket) != null) {
            return ModelArchive.delete(this, bucket, delete.key(), refusal, record);
        }
        if (refusal != null) {
            return refused(refusal);
        }
        if (version == null && bucket.versioning != Versioning.OFF) {
            ObjectVersion marker = placeMarker(bucket, delete.key(), record);
            return new Outcome.ObjectDeleted(marker.versionId(), true);
        }
        VersionId gone = version == null ? VersionId.NULL : version;
        boolean marker = false;
        for (ModelVersion old : List.copyOf(bucket.versions(delete.key()))) {
            if (old.shown.versionId().equals(gone)) {
                boolean latest = old == bucket.latest(delete.key());
                end(bucket, old, record);
                marker = old.shown.deleteMarker();
                if (latest) {
                    promote(bucket, delete.key());
                }
            }
        }
        return new Outcome.ObjectDeleted(version, marker);
    }

    /** What is newest by now becomes current, as in S3. */
    private static void promote(ModelBucket bucket, String key) {
        ModelVersion next = bucket.newest(key);
        if (bucket.versioning != Versioning.OFF && next != null && !next.shown.deleteMarker()) {
            bucket.currents.put(key, next);
        }
    }

    private static @Nullable ModelVersion made(ModelBucket bucket, String key, long position) {
        return bucket.versions(key).stream()
                .filter(v -> v.shown.position() == position)
                .findAny()
                .orElse(null);
    }

    private Outcome remove(ObjectChange.RemoveVersion remove, JournalRecord record) {
        ModelBucket bucket = buckets.get(remove.bucketId());
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        ModelVersion version = made(bucket, remove.key(), remove.position());
        if (version == null) {
            return refused(Refusal.NO_SUCH_VERSION);
        }
        end(bucket, version, record);
        return new Outcome.ObjectDeleted(version.shown.versionId(), version.shown.deleteMarker());
    }

    private Outcome restore(ObjectChange.RestoreVersion restore) {
        ModelBucket bucket = buckets.get(restore.bucketId());
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        ModelVersion version = made(bucket, restore.key(), restore.position());
        if (version == null || version.shown.deleteMarker()) {
            return refused(Refusal.NO_SUCH_VERSION);
        }
        if (bucket.current(restore.key()) == null
                && ModelSettings.exceedsQuota(this, bucket, restore.key(), 0)) {
            return refused(Refusal.QUOTA_EXCEEDED);
        }
        bucket.currents.put(restore.key(), version);
        return new Outcome.ObjectPut(version.shown, version.shown.versionId());
    }

    private Outcome withdraw(ObjectChange.WithdrawObject withdraw, JournalRecord record) {
        ModelBucket bucket = buckets.get(withdraw.bucketId());
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        ModelVersion current = bucket.current(withdraw.key());
        var any = new Precondition.IfMatch("*");
        if (current == null || violated(any, bucket, withdraw.key(), record) != null) {
            return refused(Refusal.NO_SUCH_KEY);
        }
        if (current.shown.nullVersion()) {
            end(bucket, current, record);
        }
        bucket.currents.remove(withdraw.key());
        return new Outcome.ObjectDeleted(current.shown.versionId(), false);
    }

    private ObjectVersion placeMarker(ModelBucket bucket, String key, JournalRecord record) {
        ObjectVersion marker =
                new ObjectVersion(
                        bucket.id,
                        key,
                        record.position(),
                        bucket.versioning != Versioning.ENABLED,
                        true,
                        record.timeMicros(),
                        0,
                        "",
                        0,
                        Attributes.NONE,
                        List.of());
        push(bucket, new ModelVersion(marker, List.of(), List.of()), record);
        return marker;
    }

    static @Nullable ModelVersion at(ModelBucket bucket, String key, long position) {
        return bucket.versions(key).stream()
                .filter(v -> v.shown.position() == position && !v.shown.deleteMarker())
                .findAny()
                .orElse(null);
    }

    private Outcome setAttributes(ObjectChange.SetAttributes set, JournalRecord record) {
        ModelBucket bucket = buckets.get(set.bucketId());
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        ModelVersion version = at(bucket, set.key(), set.position());
        if (version == null) {
            return refused(Refusal.NO_SUCH_VERSION);
        }
        ObjectVersion old = version.shown;
        if (set.revision() != 0 && set.revision() != old.revision()) {
            return refused(Refusal.REVISED);
        }
        var past = new ModelVersion(old, version.bytes, version.parts);
        history.add(new Ended(record.timeMicros(), old.revision(), past, null));
        version.shown =
                new ObjectVersion(
                        old.bucketId(),
                        old.key(),
                        old.position(),
                        old.nullVersion(),
                        false,
                        set.touch() ? record.timeMicros() : old.createdMicros(),
                        old.sizeBytes(),
                        old.etag(),
                        old.partCount(),
                        set.attributes(),
                        old.checksums(),
                        record.position());
        return new Outcome.AttributesSet(version.shown);
    }

    private Outcome expire(ObjectChange.ExpireObject expire, JournalRecord record) {
        ModelBucket bucket = buckets.get(expire.bucketId());
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        ModelVersion version = at(bucket, expire.key(), expire.position());
        if (version == null) {
            return refused(Refusal.NO_SUCH_VERSION);
        }
        if (ModelSettings.expires(version.shown) > expire.throughSeconds()) {
            return refused(Refusal.REVISED);
        }
        boolean current = version == bucket.current(expire.key());
        if (expire.keep()) {
            if (!current && !version.shown.nullVersion()) {
                return refused(Refusal.REVISED);
            }
            if (version.shown.nullVersion()) {
                end(bucket, version, record);
            }
            bucket.currents.remove(expire.key(), version);
            return new Outcome.ObjectDeleted(version.shown.versionId(), false);
        }
        if (current && bucket.versioning != Versioning.OFF) {
            placeMarker(bucket, expire.key(), record);
        }
        end(bucket, version, record);
        return new Outcome.ObjectDeleted(version.shown.versionId(), false);
    }

    private Outcome start(UploadChange.StartUpload start, JournalRecord record) {
        ModelBucket bucket = buckets.get(start.bucketId());
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        Upload shown =
                new Upload(
                        record.position(),
                        bucket.id,
                        start.key(),
                        record.principal(),
                        record.timeMicros(),
                        start.attributes(),
                        start.algorithm(),
                        start.checksumType());
        bucket.uploads.put(shown.id(), new ModelUpload(shown));
        return new Outcome.UploadStarted(shown.id());
    }

    private static @Nullable ModelUpload upload(
            @Nullable ModelBucket bucket, String key, long uploadId) {
        ModelUpload upload = bucket == null ? null : bucket.uploads.get(uploadId);
        return upload == null || !upload.shown.key().equals(key) ? null : upload;
    }

    private Outcome putPart(UploadChange.PutPart put, JournalRecord record) {
        ModelBucket bucket = buckets.get(put.bucketId());
        ModelUpload upload = upload(bucket, put.key(), put.uploadId());
        if (upload == null) {
            release(put.manifest(), record.position());
            return refused(bucket == null ? Refusal.NO_SUCH_BUCKET : Refusal.NO_SUCH_UPLOAD);
        }
        Part part =
                new Part(
                        put.partNumber(),
                        put.manifest().sizeBytes(),
                        put.etag(),
                        record.timeMicros(),
                        put.checksums());
        Bytes bytes = new Bytes(put.manifest());
        bytes.holders.add(upload);
        Bytes before = upload.bytes.put(put.partNumber(), bytes);
        if (before != null) {
            letGo(before, upload, record.position());
        }
        upload.parts.put(put.partNumber(), part);
        return new Outcome.PartPut(part);
    }

    private Outcome abort(UploadChange.AbortUpload abort, JournalRecord record) {
        ModelBucket bucket = buckets.get(abort.bucketId());
        ModelUpload upload = upload(bucket, abort.key(), abort.uploadId());
        if (bucket == null || upload == null) {
            return refused(bucket == null ? Refusal.NO_SUCH_BUCKET : Refusal.NO_SUCH_UPLOAD);
        }
        bucket.uploads.remove(upload.shown.id());
        upload.bytes.values().forEach(b -> letGo(b, upload, record.position()));
        return new Outcome.Applied();
    }

    private Outcome complete(UploadChange.CompleteUpload complete, JournalRecord record) {
        ModelBucket bucket = buckets.get(complete.bucketId());
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        ModelUpload upload = upload(bucket, complete.key(), complete.uploadId());
        if (upload == null) {
            Done done = completed.get(complete.uploadId());
            boolean same =
                    done != null
                            && done.bucketId() == bucket.id
                            && done.key().equals(complete.key())
                            && done.version().shown.etag().equals(complete.etag());
            if (done == null || !same) {
                return refused(Refusal.NO_SUCH_UPLOAD);
            }
            return new Outcome.ObjectPut(madeBy(done), done.version().shown.versionId());
        }
        Refusal refusal = unfit(complete, upload);
        if (refusal == null) {
            refusal = violated(complete.condition(), bucket, complete.key(), record);
        }
        if (refusal == null
                && ModelSettings.exceedsQuota(
                        this, bucket, complete.key(), chosenBytes(complete, upload))) {
            refusal = Refusal.QUOTA_EXCEEDED;
        }
        if (refusal == null) {
            refusal = ModelArchive.keep(this, bucket, complete.key(), record);
        }
        if (refusal != null) {
            return refused(refusal);
        }
        return new Outcome.ObjectPut(
                finish(complete, bucket, upload, record),
                bucket.versioning == Versioning.ENABLED
                        ? new VersionId(record.position())
                        : VersionId.NULL);
    }

    private static long chosenBytes(UploadChange.CompleteUpload complete, ModelUpload upload) {
        long sum = 0;
        for (UploadChange.PartRef ref : complete.parts()) {
            Part part = upload.parts.get(ref.partNumber());
            sum += part == null ? 0 : part.sizeBytes();
        }
        return sum;
    }

    private static @Nullable Refusal unfit(
            UploadChange.CompleteUpload complete, ModelUpload upload) {
        List<Integer> numbers =
                complete.parts().stream().map(UploadChange.PartRef::partNumber).toList();
        if (numbers.isEmpty()) {
            return Refusal.INVALID_PART;
        }
        for (int i = 1; i < numbers.size(); i++) {
            if (numbers.get(i) <= numbers.get(i - 1)) {
                return Refusal.INVALID_PART_ORDER;
            }
        }
        for (UploadChange.PartRef ref : complete.parts()) {
            Part part = upload.parts.get(ref.partNumber());
            if (part == null || !part.etag().equals(ref.etag())) {
                return Refusal.INVALID_PART;
            }
        }
        for (Integer number : numbers) {
            boolean last = number.equals(numbers.getLast());
            Part part = upload.parts.get(number);
            if (!last && part != null && part.sizeBytes() < complete.minPartSizeBytes()) {
                return Refusal.PART_TOO_SMALL;
            }
        }
        return null;
    }

    private ObjectVersion finish(
            UploadChange.CompleteUpload complete,
            ModelBucket bucket,
            ModelUpload upload,
            JournalRecord record) {
        Map<Part, Bytes> used = new LinkedHashMap<>();
        for (UploadChange.PartRef ref : complete.parts()) {
            Part part = upload.parts.get(ref.partNumber());
            Bytes bytes = upload.bytes.get(ref.partNumber());
            if (part == null || bytes == null) {
                throw new AssertionError("part vanished");
            }
            used.put(part, bytes);
        }
        ObjectVersion shown =
                new ObjectVersion(
                        bucket.id,
                        complete.key(),
                        record.position(),
                        bucket.versioning != Versioning.ENABLED,
                        false,
                        record.timeMicros(),
                        used.keySet().stream().mapToLong(Part::sizeBytes).sum(),
                        complete.etag(),
                        used.size(),
                        upload.shown.attributes(),
                        complete.checksums());
        ModelVersion version =
                new ModelVersion(shown, List.copyOf(used.values()), List.copyOf(used.keySet()));
        upload.bytes.values().forEach(b -> letGo(b, upload, record.position()));
        bucket.uploads.remove(upload.shown.id());
        push(bucket, version, record);
        completed.put(upload.shown.id(), new Done(bucket.id, complete.key(), version));
        history.add(new Ended(record.timeMicros(), upload.shown.id(), null, null));
        return shown;
    }

    private Outcome close(WindowChange.CloseWindow close, JournalRecord record) {
        history.sort(Comparator.comparingLong(Ended::micros).thenComparingLong(Ended::id));
        int forgotten = 0;
        while (forgotten < close.limit() && due(close)) {
            Ended ended = history.getFirst();
            ModelBucket bucket = ended.bucket();
            ModelVersion version = ended.version();
            if (bucket != null && !bucket.uploads.isEmpty()) {
                ModelUpload upload = firstByKey(bucket);
                bucket.uploads.remove(upload.shown.id());
                orphans.remove(upload.shown.id());
                upload.bytes.values().forEach(b -> letGo(b, upload, record.position()));
            } else {
                history.removeFirst();
                if (version != null) {
                    version.bytes.forEach(b -> letGo(b, version, record.position()));
                } else if (bucket == null) {
                    completed.remove(ended.id());
                }
            }
            forgotten++;
        }
        return new Outcome.WindowClosed(forgotten, due(close));
    }

    private static ModelUpload firstByKey(ModelBucket bucket) {
        return bucket.uploads.values().stream()
                .min(
                        Comparator.comparing((ModelUpload u) -> u.shown.key(), BY_BYTES)
                                .thenComparing(u -> u.shown.id()))
                .orElseThrow();
    }

    private boolean due(WindowChange.CloseWindow close) {
        return !history.isEmpty() && history.getFirst().micros() < close.beforeMicros();
    }

    /** Every blob that something still needs. */
    Set<BlobRef> liveBlobs() {
        Set<BlobRef> live = new HashSet<>();
        for (ModelBucket bucket : buckets.values()) {
            bucket.keys.values().forEach(vs -> vs.forEach(v -> live.addAll(v.blobs())));
            bucket.uploads.values().forEach(u -> addBlobs(u, live));
        }
        orphans.values().forEach(u -> addBlobs(u, live));
        for (Ended ended : history) {
            ModelVersion version = ended.version();
            if (version != null) {
                live.addAll(version.blobs());
            }
        }
        return live;
    }

    private static void addBlobs(ModelUpload upload, Set<BlobRef> live) {
        upload.bytes.values().forEach(b -> live.addAll(b.manifest.blobs()));
    }
}
