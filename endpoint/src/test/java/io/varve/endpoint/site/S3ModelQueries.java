package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.endpoint.site.S3Model.ModelBucket;
import io.varve.endpoint.site.S3Model.ModelPart;
import io.varve.endpoint.site.S3Model.ModelUpload;
import io.varve.endpoint.site.S3Model.Version;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.VersionId;
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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** Puts questions to the store and to the model, and compares the answers. */
final class S3ModelQueries {
    private static final int WALK_MAX = 10_000;

    private final Random random;
    private final S3Model model;
    private final Supplier<ObjectStore> store;
    private final List<String> keys;

    /** When each version was made, as first told; it must not change. */
    private final Map<Long, Long> createdMicros = new HashMap<>();

    S3ModelQueries(Random random, S3Model model, Supplier<ObjectStore> store, List<String> keys) {
        this.random = random;
        this.model = model;
        this.store = store;
        this.keys = keys;
    }

    private NamespaceView view() {
        return store.get().view();
    }

    void ask(long bucketId) throws IOException {
        ModelBucket bucket = model.bucket(bucketId);
        if (bucket == null) {
            assertTrue(view().bucket(bucketId).isEmpty());
            return;
        }
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> get(bucket);
            case 4, 5, 6 -> list(bucket);
            case 7, 8 -> listVersions(bucket);
            case 9 -> listUploads(bucket);
            case 10 -> listParts(bucket);
            default -> {
                compareBucket(bucket);
                listBuckets();
            }
        }
    }

    void compare(Version expected, ObjectVersion actual) {
        assertEquals(expected.position(), actual.position());
        assertEquals(expected.nullVersion(), actual.nullVersion());
        assertEquals(expected.deleteMarker(), actual.deleteMarker());
        assertEquals(expected.etag(), actual.etag());
        assertEquals(expected.content().lengthBytes(), actual.sizeBytes());
        assertEquals(expected.partNumbers().size(), actual.partCount());
        assertEquals(expected.attributes(), actual.attributes());
        if (!expected.deleteMarker() && expected.partNumbers().isEmpty()) {
            assertEquals(ModelBody.checksumsOf(expected.content()), actual.checksums());
        }
        Long created = createdMicros.putIfAbsent(actual.position(), actual.createdMicros());
        assertEquals(created == null ? actual.createdMicros() : created, actual.createdMicros());
    }

    private void compare(@Nullable Version expected, Optional<ObjectVersion> actual) {
        if (expected == null) {
            assertTrue(actual.isEmpty(), () -> "not expected: " + actual);
        } else {
            compare(expected, actual.orElseThrow());
        }
    }

    private void get(ModelBucket bucket) throws IOException {
        String key = keys.get(random.nextInt(keys.size()));
        List<Version> versions = bucket.versions(key);
        Version newest = versions.isEmpty() ? null : versions.getFirst();
        compare(newest, view().latest(bucket.id, key));
        if (newest == null) {
            return;
        }
        Version version = versions.get(random.nextInt(versions.size()));
        Optional<ObjectVersion> found = view().version(bucket.id, key, version.id());
        compare(version, found);
        if (!version.deleteMarker()) {
            read(version, found.orElseThrow());
        }
    }

    private void read(Version version, ObjectVersion found) throws IOException {
        byte[] content = version.content().bytes();
        int offset = random.nextInt(3) == 0 ? 0 : random.nextInt(content.length + 1);
        int length =
                random.nextInt(3) == 0
                        ? content.length - offset
                        : random.nextInt(content.length - offset + 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectReader reader = store.get().open(found, offset, length)) {
            reader.transferTo(out);
        }
        assertArrayEquals(Arrays.copyOfRange(content, offset, offset + length), out.toByteArray());
        assertEquals(version.partNumbers(), parts(found).stream().map(Part::partNumber).toList());
        assertEquals(
                version.partSizes(),
                parts(found).stream().map(part -> (int) part.sizeBytes()).toList());
    }

    private List<Part> parts(ObjectVersion version) {
        return view().parts(version);
    }

    private int someLimit() {
        return random.nextInt(4) == 0 ? 1000 : random.nextInt(6);
    }

    private String someDelimiter() {
        return S3ModelKeys.DELIMITERS.get(random.nextInt(S3ModelKeys.DELIMITERS.size()));
    }

    /** From a random place, then on from page to page. */
    private void list(ModelBucket bucket) {
        String prefix = S3ModelKeys.somePrefix(random, keys);
        String delimiter = someDelimiter();
        String after = random.nextBoolean() ? null : S3ModelKeys.somePrefix(random, keys);
        int limit = someLimit();
        for (int i = 0; i < WALK_MAX; i++) {
            ListQuery query = new ListQuery(bucket.id, prefix, delimiter, after, limit);
            var expected = S3ModelListing.objects(bucket, prefix, delimiter, after, limit);
            ListPage page = view().list(query);
            assertEquals(expected.commonPrefixes(), page.commonPrefixes(), query::toString);
            compareAll(expected.items(), page.objects(), query);
            var last = expected.last();
            assertEquals(last == null ? null : last.name(), page.next(), query::toString);
            if (last == null) {
                return;
            }
            after = last.name();
        }
    }

    private void compareAll(List<Version> expected, List<ObjectVersion> actual, Object query) {
        assertEquals(
                expected.stream().map(Version::position).toList(),
                actual.stream().map(ObjectVersion::position).toList(),
                query::toString);
        for (int i = 0; i < expected.size(); i++) {
            compare(expected.get(i), actual.get(i));
        }
    }

    private void listVersions(ModelBucket bucket) {
        walkVersions(bucket, S3ModelKeys.somePrefix(random, keys), someDelimiter(), someLimit());
    }

    private void walkVersions(ModelBucket bucket, String prefix, String delimiter, int limit) {
        String keyMarker = null;
        VersionId versionMarker = null;
        long positionMarker = 0;
        for (int i = 0; i < WALK_MAX; i++) {
            VersionListQuery query =
                    new VersionListQuery(
                            bucket.id, prefix, delimiter, keyMarker, versionMarker, limit);
            var expected =
                    S3ModelListing.versions(
                            bucket, prefix, delimiter, keyMarker, positionMarker, limit);
            VersionListPage page = view().listVersions(query);
            assertEquals(expected.commonPrefixes(), page.commonPrefixes(), query::toString);
            compareAll(
                    expected.items(),
                    page.versions().stream().map(VersionListPage.ListedVersion::version).toList(),
                    query);
            page.versions().forEach(listed -> assertLatest(bucket, listed));
            var last = expected.last();
            assertEquals(last == null ? null : last.name(), page.nextKey(), query::toString);
            Version lastVersion = last == null ? null : last.item();
            assertEquals(
                    lastVersion == null ? null : lastVersion.id(),
                    page.nextVersion(),
                    query::toString);
            if (last == null) {
                return;
            }
            keyMarker = last.name();
            versionMarker = page.nextVersion();
            positionMarker = lastVersion == null ? 0 : lastVersion.position();
        }
    }

    private static void assertLatest(ModelBucket bucket, VersionListPage.ListedVersion listed) {
        ObjectVersion version = listed.version();
        long newest = bucket.versions(version.key()).getFirst().position();
        assertEquals(newest == version.position(), listed.latest());
    }

    private void listUploads(ModelBucket bucket) {
        String prefix = S3ModelKeys.somePrefix(random, keys);
        String delimiter = someDelimiter();
        int limit = someLimit();
        String keyMarker = null;
        long uploadMarker = 0;
        for (int i = 0; i < WALK_MAX; i++) {
            UploadListQuery query =
                    new UploadListQuery(
                            bucket.id, prefix, delimiter, keyMarker, uploadMarker, limit);
            var expected =
                    S3ModelListing.uploads(
                            bucket, prefix, delimiter, keyMarker, uploadMarker, limit);
            UploadListPage page = view().uploads(query);
            assertEquals(expected.commonPrefixes(), page.commonPrefixes(), query::toString);
            assertEquals(
                    expected.items().stream().map(upload -> upload.id).toList(),
                    page.uploads().stream().map(Upload::id).toList(),
                    query::toString);
            var last = expected.last();
            assertEquals(last == null ? null : last.name(), page.nextKey(), query::toString);
            if (last == null) {
                return;
            }
            ModelUpload upload = last.item();
            assertEquals(upload == null ? 0 : upload.id, page.nextUpload(), query::toString);
            keyMarker = last.name();
            uploadMarker = page.nextUpload();
        }
    }

    private void listParts(ModelBucket bucket) {
        for (ModelUpload upload : bucket.uploads.values()) {
            Upload found = view().upload(bucket.id, upload.key, upload.id).orElseThrow();
            assertEquals(upload.attributes, found.attributes());
            int after = random.nextInt(4);
            int limit = 1 + random.nextInt(6);
            List<Map.Entry<Integer, ModelPart>> expected =
                    upload.parts.tailMap(after, false).entrySet().stream().limit(limit).toList();
            List<Part> actual = view().uploadParts(found, after, limit);
            assertEquals(expected.size(), actual.size());
            for (int i = 0; i < actual.size(); i++) {
                ModelContent content = expected.get(i).getValue().content();
                assertEquals(expected.get(i).getKey(), actual.get(i).partNumber());
                assertEquals(expected.get(i).getValue().etag(), actual.get(i).etag());
                assertEquals(content.lengthBytes(), actual.get(i).sizeBytes());
                assertEquals(ModelBody.checksumsOf(content), actual.get(i).checksums());
            }
        }
    }

    void compareCompleted(long bucketId, String key, long uploadId) {
        compare(
                model.completedVersion(bucketId, key, uploadId),
                view().completed(bucketId, key, uploadId));
    }

    private void compareBucket(ModelBucket bucket) {
        Bucket found = view().bucket(bucket.id).orElseThrow();
        assertEquals(found, view().bucket(bucket.name).orElseThrow());
        assertEquals(bucket.name, found.name());
        assertEquals(bucket.owner, found.owner());
        assertEquals(bucket.versioning, found.versioning());
        List<Version> current =
                bucket.keys.keySet().stream()
                        .flatMap(key -> Optional.ofNullable(bucket.current(key)).stream())
                        .toList();
        assertEquals(current.size(), found.objectCount());
        long size = current.stream().mapToLong(version -> version.content().lengthBytes()).sum();
        assertEquals(size, found.sizeBytes());
    }

    private void listBuckets() {
        String owner = random.nextBoolean() ? null : "alice";
        String prefix = random.nextBoolean() ? "" : "b";
        String after = random.nextBoolean() ? null : "b1";
        int limit = 1 + random.nextInt(6);
        List<Long> expected =
                model.buckets.values().stream()
                        .filter(bucket -> owner == null || bucket.owner.equals(owner))
                        .filter(bucket -> bucket.name.startsWith(prefix))
                        .filter(bucket -> after == null || bucket.name.compareTo(after) > 0)
                        .limit(limit)
                        .map(bucket -> bucket.id)
                        .toList();
        assertEquals(
                expected,
                view().buckets(owner, prefix, after, limit).stream().map(Bucket::id).toList());
    }

    /** All there is, with every byte of it. */
    void compareAll() throws IOException {
        assertEquals(
                model.buckets.values().stream().map(bucket -> bucket.id).toList(),
                view().buckets(null, "", null, 1000).stream().map(Bucket::id).toList());
        for (ModelBucket bucket : model.buckets.values()) {
            compareBucket(bucket);
            walkVersions(bucket, "", "", 1000);
            for (Map.Entry<String, List<Version>> entry : bucket.keys.entrySet()) {
                for (Version version : entry.getValue()) {
                    readAll(bucket.id, entry.getKey(), version);
                }
            }
        }
    }

    private void readAll(long bucketId, String key, Version version) throws IOException {
        if (version.deleteMarker()) {
            return;
        }
        ObjectVersion found = view().version(bucketId, key, version.id()).orElseThrow();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ObjectReader reader = store.get().open(found, 0, found.sizeBytes())) {
            reader.transferTo(out);
        }
        assertArrayEquals(version.content().bytes(), out.toByteArray());
    }

    /** Every blob that a version shown by S3 refers to is there in so many copies. */
    void compareBlobs(Map<BlobId, Integer> copies, int wanted) {
        for (ModelBucket bucket : model.buckets.values()) {
            bucket.keys.forEach(
                    (key, versions) ->
                            versions.stream()
                                    .filter(version -> !version.deleteMarker())
                                    .forEach(v -> compareBlobs(bucket, key, v, copies, wanted)));
        }
    }

    private void compareBlobs(
            ModelBucket bucket,
            String key,
            Version version,
            Map<BlobId, Integer> copies,
            int wanted) {
        ObjectVersion found = view().version(bucket.id, key, version.id()).orElseThrow();
        view().manifest(found)
                .orElseThrow()
                .blobs()
                .forEach(
                        blob -> {
                            BlobId id = new BlobId(blob.idHigh(), blob.idLow());
                            assertNotNull(copies.get(id), () -> "no copy of " + id);
                            assertEquals(wanted, copies.get(id), () -> "copies of " + id);
                        });
    }
}
