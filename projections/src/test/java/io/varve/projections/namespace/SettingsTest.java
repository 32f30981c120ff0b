package io.varve.projections.namespace;

import static io.varve.projections.namespace.NamespaceFixture.ETAG_A;
import static io.varve.projections.namespace.NamespaceFixture.assertPut;
import static io.varve.projections.namespace.NamespaceFixture.assertRefused;
import static io.varve.projections.namespace.NamespaceFixture.putOf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.Precondition;
import io.varve.projections.ViewCursor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Settings of buckets and accounts, what is counted of accounts, and quotas. */
class SettingsTest {
    private final NamespaceFixture s3 = new NamespaceFixture();

    private Outcome set(long bucketId, Map<String, String> set, String... removed) {
        return s3.apply(
                new BucketChange.ChangeBucketSettings(
                        bucketId, new TreeMap<>(set), new TreeSet<>(Set.of(removed))));
    }

    private Outcome setAccount(Map<String, String> set, String... removed) {
        return s3.apply(
                new AccountChange.ChangeAccountSettings(
                        "alice", new TreeMap<>(set), new TreeSet<>(Set.of(removed))));
    }

    private Map<String, String> settings(String bucket) {
        return s3.view.bucket(bucket).orElseThrow().settings();
    }

    private Outcome put(long bucketId, String key, int blobs) {
        return s3.apply(putOf(bucketId, key, ETAG_A, s3.manifest(blobs), Precondition.NONE));
    }

    @Test
    void mergesIntoTheSettingsOfABucket() {
        var first = new BucketChange.CreateBucket("b", "alice", new TreeMap<>(Map.of("a", "1")));
        long b = assertInstanceOf(Outcome.BucketCreated.class, s3.apply(first)).bucketId();
        assertEquals(Map.of("a", "1"), settings("b"));
        set(b, Map.of("b", "2", "c", "3"));
        set(b, Map.of("c", "4"), "a", "absent", "c");
        assertEquals(Map.of("b", "2", "c", "4"), settings("b"));
        assertEquals(
                Map.of("b", "2", "c", "4"),
                s3.view.buckets("alice", "", null, 10).getFirst().settings());
        assertRefused(Refusal.NO_SUCH_BUCKET, set(99, Map.of("a", "1")));
    }

    @Test
    void leavesNothingOfABucketsSettingsWhenTheWindowHasClosed() {
        long b = s3.bucket("b");
        set(b, Map.of("a", "1"));
        s3.apply(new BucketChange.DeleteBucket(b));
        s3.closeWindow(10);
        byte[] table = {NamespaceKeys.SETTINGS};
        try (ViewCursor rows = s3.store.scan(table, new byte[] {NamespaceKeys.SETTINGS + 1})) {
            assertEquals(false, rows.valid());
        }
    }

    @Test
    void refusesSettingsThatAreTooLargeAsAWhole() {
        long b = s3.bucket("b");
        String half = "x".repeat(SettingsState.SIZE_BYTES_MAX / 2);
        assertEquals(new Outcome.Applied(), set(b, Map.of("a", half)));
        assertRefused(Refusal.SETTINGS_TOO_LARGE, set(b, Map.of("b", half)));
        assertEquals(Map.of("a", half), settings("b"));
        assertEquals(new Outcome.Applied(), set(b, Map.of("b", half), "a"));
        assertRefused(Refusal.SETTINGS_TOO_LARGE, setAccount(Map.of("a", half, "b", half)));
    }

    @Test
    void countsWhatAnAccountOwns() {
        assertEquals(Account.empty("alice"), s3.view.account("alice"));
        setAccount(Map.of("color", "red"));
        long a = s3.bucket("a");
        long b = s3.bucket("b");
        put(a, "k", 2);
        put(b, "k", 3);
        put(b, "k", 1);
        put(b, "l", 1);
        s3.delete(b, "l");
        assertEquals(
                new Account("alice", new TreeMap<>(Map.of("color", "red")), 2, 2, 30),
                s3.view.account("alice"));
        s3.delete(a, "k");
        s3.apply(new BucketChange.DeleteBucket(a));
        setAccount(Map.of(), "color");
        assertEquals(new Account("alice", new TreeMap<>(), 1, 1, 10), s3.view.account("alice"));
    }

    @Test
    void keepsABucketWithinItsQuota() {
        long b = s3.bucket("b");
        set(b, Map.of("quota.bytes", "30", "quota.objects", "2"));
        assertPut(put(b, "a", 1));
        assertRefused(Refusal.QUOTA_EXCEEDED, put(b, "b", 3));
        assertPut(put(b, "b", 2));
        assertRefused(Refusal.QUOTA_EXCEEDED, put(b, "c", 0));
        assertRefused(Refusal.QUOTA_EXCEEDED, put(b, "a", 2));
        assertEquals(30, s3.view.bucket("b").orElseThrow().sizeBytes());
        set(b, Map.of("quota.bytes", "5"));
        assertPut(put(b, "b", 1));
        assertPut(put(b, "b", 1));
        set(b, Map.of("quota.bytes", "many"), "quota.objects");
        assertPut(put(b, "c", 9));
    }

    @Test
    void releasesTheBlobsOfAPutBeyondTheQuota() {
        long b = s3.bucket("b");
        setAccount(Map.of("quota.bytes", "15"));
        Manifest manifest = s3.manifest(2);
        assertRefused(
                Refusal.QUOTA_EXCEEDED,
                s3.apply(putOf(b, "k", ETAG_A, manifest, Precondition.NONE)));
        assertEquals(List.of(manifest), s3.released());
        ObjectVersion small = assertPut(put(b, "k", 1));
        assertRefused(Refusal.QUOTA_EXCEEDED, s3.copy(small, b, "copy"));
        long upload = s3.startUpload(b, "parts");
        s3.putPart(b, "parts", upload, 1, ETAG_A, s3.manifest(1));
        assertRefused(
                Refusal.QUOTA_EXCEEDED,
                s3.complete(b, "parts", upload, NamespaceFixture.part(1, ETAG_A)));
    }
}
