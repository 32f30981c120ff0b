package io.varve.endpoint.site;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.UploadChange.PartRef;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.VersionRef;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Refusal;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rules of S3 over plain collections: what the store must do, written down as simply as
 * possible and without looking at how it does it. Positions come from the test, which knows that
 * each change is one record.
 */
final class S3Model {
    /** Keys are ordered by their UTF-8 bytes, not by their chars. */
    static final Comparator<String> KEY_ORDER =
            (a, b) ->
                    Arrays.compareUnsigned(
                            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    /** What a change came to. */
    sealed interface Result {
        record Done() implements Result {}

        record Put(Version version) implements Result {}

        record Deleted(@Nullable VersionId version, boolean marker) implements Result {}

        record Refused(Refusal reason) implements Result {}
    }

    record Version(
            long position,
            boolean nullVersion,
            boolean deleteMarker,
            ModelContent content,
            String etag,
            List<Integer> partNumbers,
            List<Integer> partSizes,
            Attributes attributes) {
        VersionId id() {
            return nullVersion ? VersionId.NULL : new VersionId(position);
        }
    }

    record ModelPart(ModelContent content, String etag) {}

    static final class ModelUpload {
        final long id;
        final String key;
        final Attributes attributes;
        final TreeMap<Integer, ModelPart> parts = new TreeMap<>();

        ModelUpload(long id, String key, Attributes attributes) {
            this.id = id;
            this.key = key;
            this.attributes = attributes;
        }
    }

    static final class ModelBucket {
        final long id;
        final String name;
        final String owner;
        Versioning versioning = Versioning.OFF;

        /** Newest first; never an empty list. */
        final TreeMap<String, List<Version>> keys = new TreeMap<>(KEY_ORDER);

        final TreeMap<Long, ModelUpload> uploads = new TreeMap<>();

        ModelBucket(long id, String name, String owner) {
            this.id = id;
            this.name = name;
            this.owner = owner;
        }

        List<Version> versions(String key) {
            return keys.getOrDefault(key, List.of());
        }

        @Nullable Version current(String key) {
            List<Version> versions = versions(key);
            return versions.isEmpty() || versions.getFirst().deleteMarker()
                    ? null
                    : versions.getFirst();
        }
    }

    final TreeMap<String, ModelBucket> buckets = new TreeMap<>(KEY_ORDER);
    private final Map<Long, ModelBucket> byId = new HashMap<>();

    /** Versions that ended and have not been forgotten. */
    private final Map<VersionRef, Version> history = new HashMap<>();

    /** What completing an upload made, by upload id, until it is forgotten. */
    private final Map<Long, VersionRef> completed = new HashMap<>();

    private static Result refused(Refusal reason) {
        return new Result.Refused(reason);
    }

    @Nullable ModelBucket bucket(long id) {
        return byId.get(id);
    }

    Result createBucket(String name, String owner, long position) {
        ModelBucket there = buckets.get(name);
        if (there != null) {
            return refused(
                    there.owner.equals(owner)
                            ? Refusal.BUCKET_OWNED_BY_CALLER
                            : Refusal.BUCKET_EXISTS);
        }
        ModelBucket bucket = new ModelBucket(position, name, owner);
        buckets.put(name, bucket);
        byId.put(position, bucket);
        return new Result.Done();
    }

    Result deleteBucket(long id) {
        ModelBucket bucket = byId.get(id);
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        // Open uploads do not hold it: they go with the window.
        if (!bucket.keys.isEmpty()) {
            return refused(Refusal.BUCKET_NOT_EMPTY);
        }
        byId.remove(id);
        buckets.remove(bucket.name);
        return new Result.Done();
    }

    Result setVersioning(long id, Versioning versioning) {
        ModelBucket bucket = byId.get(id);
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        if (versioning == Versioning.OFF && bucket.versioning != Versioning.OFF) {
            return refused(Refusal.INVALID_VERSIONING);
        }
        bucket.versioning = versioning;
        return new Result.Done();
    }

    private static @Nullable Refusal violated(Precondition condition, @Nullable Version current) {
        return switch (condition) {
            case Precondition.None none -> null;
            case Precondition.IfAbsent absent ->
                    current == null ? null : Refusal.PRECONDITION_FAILED;
            case Precondition.IfMatch match -> {
                if (current == null) {
                    yield Refusal.NO_SUCH_KEY;
                }
                boolean matches = match.etag().equals("*") || match.etag().equals(current.etag());
                yield matches ? null : Refusal.PRECONDITION_FAILED;
            }
            case Precondition.IfOlder older ->
                    throw new AssertionError("no client of S3 asks for " + older);
        };
    }

    Result put(
            long bucketId,
            String key,
            ModelContent content,
            Attributes attributes,
            Precondition condition,
            long position) {
        ModelBucket bucket = byId.get(bucketId);
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        Refusal refusal = violated(condition, bucket.current(key));
        if (refusal != null) {
            return refused(refusal);
        }
        return place(
                bucket,
                key,
                new Version(
                        position,
                        bucket.versioning != Versioning.ENABLED,
                        false,
                        content,
                        content.md5(),
                        List.of(),
                        List.of(),
                        attributes));
    }

    /** Makes a version the newest of its key, in place of the null version if it is one itself. */
    private Result place(ModelBucket bucket, String key, Version version) {
        List<Version> versions = bucket.keys.computeIfAbsent(key, k -> new ArrayList<>());
        if (version.nullVersion()) {
            versions.stream()
                    .filter(Version::nullVersion)
                    .forEach(ended -> end(bucket, key, ended));
            versions.removeIf(Version::nullVersion);
        }
        versions.addFirst(version);
        return new Result.Put(version);
    }

    private void end(ModelBucket bucket, String key, Version version) {
        history.put(new VersionRef(bucket.id, key, version.position()), version);
    }

    Result copy(
            long bucketId,
            String key,
            VersionRef source,
            @Nullable Attributes attributes,
            Precondition condition,
            long position) {
        ModelBucket bucket = byId.get(bucketId);
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        Refusal refusal = violated(condition, bucket.current(key));
        if (refusal != null) {
            return refused(refusal);
        }
        Version from = find(source);
        if (from == null || from.deleteMarker()) {
            return refused(Refusal.SOURCE_GONE);
        }
        return place(
                bucket,
                key,
                new Version(
                        position,
                        bucket.versioning != Versioning.ENABLED,
                        false,
                        from.content(),
                        from.etag(),
                        from.partNumbers(),
                        from.partSizes(),
                        attributes == null ? from.attributes() : attributes));
    }

    private @Nullable Version find(VersionRef ref) {
        ModelBucket bucket = byId.get(ref.bucketId());
        if (bucket != null) {
            for (Version version : bucket.versions(ref.key())) {
                if (version.position() == ref.position()) {
                    return version;
                }
            }
        }
        return history.get(ref);
    }

    Result delete(
            long bucketId,
            String key,
            @Nullable VersionId id,
            Precondition condition,
            long position) {
        ModelBucket bucket = byId.get(bucketId);
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        Refusal refusal = violated(condition, bucket.current(key));
        if (refusal != null) {
            return refused(refusal);
        }
        if (id != null) {
            Version gone = remove(bucket, key, id);
            return new Result.Deleted(id, gone != null && gone.deleteMarker());
        }
        if (bucket.versioning == Versioning.OFF) {
            remove(bucket, key, VersionId.NULL);
            return new Result.Deleted(null, false);
        }
        Version marker =
                new Version(
                        position,
                        bucket.versioning != Versioning.ENABLED,
                        true,
                        ModelContent.EMPTY,
                        "",
                        List.of(),
                        List.of(),
                        Attributes.NONE);
        place(bucket, key, marker);
        return new Result.Deleted(marker.id(), true);
    }

    private @Nullable Version remove(ModelBucket bucket, String key, VersionId id) {
        List<Version> versions = bucket.versions(key);
        for (Version version : versions) {
            if (version.id().equals(id)) {
                versions.remove(version);
                end(bucket, key, version);
                if (versions.isEmpty()) {
                    bucket.keys.remove(key);
                }
                return version;
            }
        }
        return null;
    }

    Result startUpload(long bucketId, String key, Attributes attributes, long position) {
        ModelBucket bucket = byId.get(bucketId);
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        bucket.uploads.put(position, new ModelUpload(position, key, attributes));
        return new Result.Done();
    }

    @Nullable ModelUpload upload(long bucketId, String key, long uploadId) {
        ModelBucket bucket = byId.get(bucketId);
        ModelUpload upload = bucket == null ? null : bucket.uploads.get(uploadId);
        return upload == null || !upload.key.equals(key) ? null : upload;
    }

    Result putPart(long bucketId, String key, long uploadId, int number, ModelContent content) {
        ModelUpload upload = upload(bucketId, key, uploadId);
        if (byId.get(bucketId) == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        if (upload == null) {
            return refused(Refusal.NO_SUCH_UPLOAD);
        }
        upload.parts.put(number, new ModelPart(content, content.md5()));
        return new Result.Done();
    }

    Result abortUpload(long bucketId, String key, long uploadId) {
        ModelUpload upload = upload(bucketId, key, uploadId);
        ModelBucket bucket = byId.get(bucketId);
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        if (upload == null) {
            return refused(Refusal.NO_SUCH_UPLOAD);
        }
        bucket.uploads.remove(uploadId);
        return new Result.Done();
    }

    Result completeUpload(
            long bucketId,
            String key,
            long uploadId,
            List<PartRef> parts,
            String etag,
            long minPartBytes,
            Precondition condition,
            long position) {
        ModelUpload upload = upload(bucketId, key, uploadId);
        ModelBucket bucket = byId.get(bucketId);
        if (bucket == null) {
            return refused(Refusal.NO_SUCH_BUCKET);
        }
        if (upload == null) {
            return repeated(bucket, key, uploadId, etag);
        }
        Refusal refusal = refusalOf(upload, parts, minPartBytes);
        if (refusal == null) {
            refusal = violated(condition, bucket.current(key));
        }
        if (refusal != null) {
            return refused(refusal);
        }
        bucket.uploads.remove(uploadId);
        completed.put(uploadId, new VersionRef(bucketId, key, position));
        List<ModelContent> contents =
                parts.stream().map(ref -> part(upload, ref.partNumber()).content()).toList();
        return place(
                bucket,
                key,
                new Version(
                        position,
                        bucket.versioning != Versioning.ENABLED,
                        false,
                        ModelContent.concatenated(contents),
                        etag,
                        parts.stream().map(PartRef::partNumber).toList(),
                        contents.stream().map(ModelContent::lengthBytes).toList(),
                        upload.attributes));
    }

    private static ModelPart part(ModelUpload upload, int number) {
        ModelPart part = upload.parts.get(number);
        if (part == null) {
            throw new AssertionError("no part " + number);
        }
        return part;
    }

    private static @Nullable Refusal refusalOf(
            ModelUpload upload, List<PartRef> parts, long minPartBytes) {
        for (int i = 1; i < parts.size(); i++) {
            if (parts.get(i - 1).partNumber() >= parts.get(i).partNumber()) {
                return Refusal.INVALID_PART_ORDER;
            }
        }
        for (PartRef ref : parts) {
            ModelPart part = upload.parts.get(ref.partNumber());
            if (part == null || !part.etag().equals(ref.etag())) {
                return Refusal.INVALID_PART;
            }
        }
        for (PartRef ref : parts.subList(0, parts.size() - 1)) {
            if (part(upload, ref.partNumber()).content().lengthBytes() < minPartBytes) {
                return Refusal.PART_TOO_SMALL;
            }
        }
        return null;
    }

    /** A client whose answer got lost may repeat its completion and gets the same answer. */
    private Result repeated(ModelBucket bucket, String key, long uploadId, String etag) {
        Version version = completedVersion(bucket.id, key, uploadId);
        return version == null || !version.etag().equals(etag)
                ? refused(Refusal.NO_SUCH_UPLOAD)
                : new Result.Put(version);
    }

    /** The version that completing this upload made; null when none did, or it is forgotten. */
    @Nullable Version completedVersion(long bucketId, String key, long uploadId) {
        VersionRef ref = completed.get(uploadId);
        return ref == null || ref.bucketId() != bucketId || !ref.key().equals(key)
                ? null
                : find(ref);
    }

    /** The window closes over all history. */
    void forgetHistory() {
        completed.clear();
        history.clear();
    }
}
