package io.varve.endpoint.store;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Account;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ListPage;
import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Part;
import io.varve.projections.namespace.Upload;
import io.varve.projections.namespace.UploadListPage;
import io.varve.projections.namespace.UploadListQuery;
import io.varve.projections.namespace.VersionListPage;
import io.varve.projections.namespace.VersionListQuery;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A namespace that holds what the test puts into it; it answers what the store asks. */
final class FakeView implements NamespaceView {
    static final long BUCKET = 7;

    final Map<String, ObjectVersion> latest = new HashMap<>();
    final List<ExpiringVersion> expiring = new ArrayList<>();
    final Map<Long, Manifest> manifests = new HashMap<>();
    final Map<Long, Map<Integer, Manifest>> parts = new HashMap<>();
    final List<Integer> partsLoaded = new ArrayList<>();
    final List<ReleasedBlobs> released = new ArrayList<>();
    OptionalLong oldestHistoryMicros = OptionalLong.empty();
    long appliedPosition;
    boolean uploadOpen = true;

    /** A version put in one piece. */
    ObjectVersion put(String key, long position, Manifest manifest) {
        ObjectVersion version = version(key, position, manifest.sizeBytes(), 0);
        latest.put(key, version);
        manifests.put(position, manifest);
        return version;
    }

    /** A version made of parts. */
    ObjectVersion putParts(String key, long position, Map<Integer, Manifest> manifestsByPart) {
        long size = manifestsByPart.values().stream().mapToLong(Manifest::sizeBytes).sum();
        ObjectVersion version = version(key, position, size, manifestsByPart.size());
        latest.put(key, version);
        parts.put(position, manifestsByPart);
        return version;
    }

    static ObjectVersion expiring(String key, long position, String seconds) {
        Attributes attributes =
                Attributes.NONE.withSettings(new TreeMap<>(Map.of(Attributes.EXPIRES, seconds)));
        return new ObjectVersion(
                BUCKET, key, position, true, false, 0, 0, "etag", 0, attributes, List.of());
    }

    private static ObjectVersion version(String key, long position, long size, int partCount) {
        return new ObjectVersion(
                BUCKET,
                key,
                position,
                true,
                false,
                0,
                size,
                "etag-" + position,
                partCount,
                Attributes.NONE,
                List.of());
    }

    @Override
    public long appliedPosition() {
        return appliedPosition;
    }

    @Override
    public Optional<Bucket> bucket(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Bucket> bucket(long bucketId) {
        return bucketId == BUCKET
                ? Optional.of(new Bucket(BUCKET, "bucket", "me", 0, Versioning.OFF, 0, 0))
                : Optional.empty();
    }

    @Override
    public Account account(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ExpiringVersion> expired(long throughSeconds, int limit) {
        return expiring.stream()
                .filter(version -> version.expiresSeconds() <= throughSeconds)
                .limit(limit)
                .toList();
    }

    @Override
    public List<Bucket> buckets(
            @Nullable String owner, String prefix, @Nullable String after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Bucket> bucketsBack(
            @Nullable String owner, String prefix, @Nullable String before, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ObjectVersion> latest(long bucketId, String key) {
        return Optional.ofNullable(latest.get(key));
    }

    @Override
    public Optional<ObjectVersion> version(long bucketId, String key, VersionId version) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ListPage listBack(ListQuery query) {
        throw new UnsupportedOperationException("nobody lists backwards here");
    }

    @Override
    public ListPage list(ListQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public VersionListPage listVersions(VersionListQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Manifest> manifest(ObjectVersion version) {
        return Optional.ofNullable(manifests.get(version.position()));
    }

    @Override
    public List<Part> parts(ObjectVersion version) {
        return parts.getOrDefault(version.position(), Map.of()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(
                        entry ->
                                new Part(
                                        entry.getKey(),
                                        entry.getValue().sizeBytes(),
                                        "etag",
                                        0,
                                        List.of()))
                .toList();
    }

    @Override
    public Optional<Manifest> part(ObjectVersion version, int partNumber) {
        partsLoaded.add(partNumber);
        return Optional.ofNullable(
                parts.getOrDefault(version.position(), Map.of()).get(partNumber));
    }

    @Override
    public Optional<Upload> upload(long bucketId, String key, long uploadId) {
        return uploadOpen
                ? Optional.of(
                        new Upload(uploadId, bucketId, key, "me", 0, Attributes.NONE, null, null))
                : Optional.empty();
    }

    @Override
    public List<Part> uploadParts(Upload upload, int afterPartNumber, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public UploadListPage uploads(UploadListQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ObjectVersion> completed(long bucketId, String key, long uploadId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public OptionalLong oldestHistoryMicros() {
        return oldestHistoryMicros;
    }

    @Override
    public List<ReleasedBlobs> released(long throughPosition, int limit) {
        return released.stream()
                .filter(entry -> entry.position() <= throughPosition)
                .limit(limit)
                .toList();
    }
}
