package io.varve.projections.namespace;

import static io.varve.projections.namespace.NamespaceFixture.assertRefused;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.Versioning;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;

class BucketTest {
    private final NamespaceFixture s3 = new NamespaceFixture();

    private Outcome remove(long bucketId) {
        return s3.apply(new BucketChange.DeleteBucket(bucketId));
    }

    @Test
    void tellsTheOwnerOfATakenNameApartFromOthers() {
        s3.bucket("b");
        assertRefused(
                Refusal.BUCKET_OWNED_BY_CALLER,
                s3.apply(new BucketChange.CreateBucket("b", "alice")));
        assertRefused(Refusal.BUCKET_EXISTS, s3.apply(new BucketChange.CreateBucket("b", "bob")));
    }

    @Test
    void removesAnEmptyBucketAndFreesItsName() {
        long b = s3.bucket("b");
        assertEquals(new Outcome.Applied(), remove(b));
        assertTrue(s3.view.bucket("b").isEmpty());
        assertTrue(s3.view.bucket(b).isEmpty());
        assertRefused(Refusal.NO_SUCH_BUCKET, remove(b));
        assertEquals(s3.bucket("b"), s3.view.bucket("b").orElseThrow().id());
    }

    @Test
    void keepsABucketThatHoldsAnObjectAVersionOrAMarker() {
        long b = s3.bucket("b", Versioning.ENABLED);
        ObjectVersion version = s3.put(b, "k");
        assertRefused(Refusal.BUCKET_NOT_EMPTY, remove(b));
        s3.delete(b, "k");
        assertRefused(Refusal.BUCKET_NOT_EMPTY, remove(b));
        s3.delete(b, "k", version.versionId());
        assertRefused(Refusal.BUCKET_NOT_EMPTY, remove(b));
        s3.delete(b, "k", s3.view.latest(b, "k").orElseThrow().versionId());
        assertEquals(new Outcome.Applied(), remove(b));
    }

    @Test
    void abortsTheUploadsOfARemovedBucketAFewAtATimeWhenTheWindowCloses() {
        long b = s3.bucket("b");
        Manifest first = s3.manifest(1);
        Manifest second = s3.manifest(6);
        long upload = s3.startUpload(b, "k1");
        s3.putPart(b, "k1", upload, 1, "etag", first);
        s3.putPart(b, "k2", s3.startUpload(b, "k2"), 1, "etag", second);
        assertEquals(new Outcome.Applied(), remove(b));
        assertRefused(
                Refusal.NO_SUCH_BUCKET, s3.putPart(b, "k1", upload, 2, "etag", Manifest.EMPTY));
        assertEquals(List.of(), s3.released());
        assertEquals(new Outcome.WindowClosed(1, true), s3.closeWindow(1));
        assertEquals(List.of(first), s3.released());
        assertEquals(new Outcome.WindowClosed(2, false), s3.closeWindow(5));
        assertEquals(List.of(first, second), s3.released());
        assertEquals(new Outcome.WindowClosed(0, false), s3.closeWindow(5));
    }

    @Test
    void countsCurrentObjectsAndTheirBytes() {
        long b = s3.bucket("b");
        s3.put(b, "a", s3.manifest(3));
        s3.put(b, "b", s3.manifest(1));
        s3.put(b, "a", s3.manifest(2));
        s3.put(b, "empty", Manifest.EMPTY);
        Bucket bucket = s3.view.bucket(b).orElseThrow();
        assertEquals(3, bucket.objectCount());
        assertEquals(30, bucket.sizeBytes());
    }

    @Test
    void listsAnOwnersBucketsByName() {
        s3.bucket("b2");
        s3.bucket("b1");
        s3.apply(new BucketChange.CreateBucket("b3", "bob"));
        assertEquals(List.of("b1", "b2"), names("alice", null, 10));
        assertEquals(List.of("b2", "b3"), names(null, "b1", 10));
        assertEquals(List.of("b1"), names("alice", null, 1));
        assertEquals(List.of(), names("nobody", null, 10));
    }

    private List<String> names(@Nullable String owner, @Nullable String after, int limit) {
        return s3.view.buckets(owner, "", after, limit).stream().map(Bucket::name).toList();
    }
}
