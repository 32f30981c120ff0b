package io.varve.projections.namespace;

import static io.varve.projections.namespace.NamespaceFixture.ETAG_A;
import static io.varve.projections.namespace.NamespaceFixture.assertRefused;
import static io.varve.projections.namespace.NamespaceFixture.putOf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.BucketChange;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

class RestoreTest {
    private final NamespaceFixture s3 = new NamespaceFixture();
    private long bucket;

    @BeforeEach
    void bucket() {
        bucket = s3.bucket("b", Versioning.ENABLED);
    }

    private Outcome restore(ObjectVersion version) {
        return s3.apply(new ObjectChange.RestoreVersion(bucket, "k", version.position()));
    }

    private Outcome remove(ObjectVersion version) {
        return s3.apply(new ObjectChange.RemoveVersion(bucket, "k", version.position()));
    }

    private Outcome withdraw() {
        return s3.apply(new ObjectChange.WithdrawObject(bucket, "k"));
    }

    @Test
    void makesAnOlderVersionCurrentInItsPlace() {
        ObjectVersion one = s3.put(bucket, "k");
        ObjectVersion two = s3.put(bucket, "k");
        ObjectVersion three = s3.put(bucket, "k");
        assertEquals(two, NamespaceFixture.assertPut(restore(two)));
        assertEquals(two, s3.view.latest(bucket, "k").orElseThrow());
        assertEquals(
                List.of(
                        "k:" + three.position(),
                        "k:" + two.position() + "*",
                        "k:" + one.position()),
                s3.versions(bucket));
        assertEquals(two, NamespaceFixture.assertPut(restore(two)));
    }

    @Test
    void listsARestoredVersionOnceHoweverThePagesFall() {
        s3.put(bucket, "k");
        ObjectVersion two = s3.put(bucket, "k");
        s3.put(bucket, "k");
        restore(two);
        List<String> all = s3.versions(bucket);
        var first = s3.view.listVersions(new VersionListQuery(bucket, "", "", null, null, 1));
        var second =
                s3.view.listVersions(
                        new VersionListQuery(
                                bucket, "", "", first.nextKey(), first.nextVersion(), 1));
        var third =
                s3.view.listVersions(
                        new VersionListQuery(
                                bucket, "", "", second.nextKey(), second.nextVersion(), 5));
        assertEquals(3, all.size());
        assertTrue(second.versions().getFirst().latest());
        assertEquals(two, second.versions().getFirst().version());
        assertEquals(1, third.versions().size());
    }

    @Test
    void bringsADeletedObjectBack() {
        ObjectVersion one = s3.put(bucket, "k");
        s3.delete(bucket, "k");
        restore(one);
        assertEquals(one, s3.view.latest(bucket, "k").orElseThrow());
        ObjectVersion next = s3.put(bucket, "k");
        assertEquals(next, s3.view.latest(bucket, "k").orElseThrow());
        assertEquals(3, s3.versions(bucket).size());
    }

    @Test
    void restoresNoDeleteMarkerAndNothingThatIsGone() {
        ObjectVersion one = s3.put(bucket, "k");
        VersionId marker = s3.delete(bucket, "k").versionId();
        assertRefused(
                Refusal.NO_SUCH_VERSION,
                s3.apply(
                        new ObjectChange.RestoreVersion(
                                bucket, "k", marker == null ? 0 : marker.position())));
        remove(one);
        assertRefused(Refusal.NO_SUCH_VERSION, restore(one));
        assertRefused(Refusal.NO_SUCH_VERSION, remove(one));
    }

    @Test
    void bringsNothingToLightWhenTheCurrentVersionIsRemovedAlone() {
        ObjectVersion one = s3.put(bucket, "k");
        ObjectVersion two = s3.put(bucket, "k");
        ObjectVersion three = s3.put(bucket, "k");
        remove(three);
        assertTrue(s3.view.latest(bucket, "k").isEmpty());
        assertEquals(List.of("k:" + two.position(), "k:" + one.position()), s3.versions(bucket));
        s3.delete(bucket, "k", two.versionId());
        assertTrue(s3.view.latest(bucket, "k").isEmpty(), "nor by a later delete");
        assertEquals(List.of("k:" + one.position()), s3.versions(bucket));
    }

    @Test
    void withdrawsWithoutAMarker() {
        ObjectVersion one = s3.put(bucket, "k");
        assertEquals(new Outcome.ObjectDeleted(one.versionId(), false), withdraw());
        assertTrue(s3.view.latest(bucket, "k").isEmpty());
        assertEquals(List.of("k:" + one.position()), s3.versions(bucket));
        assertEquals(List.of(), s3.keys(bucket));
        assertRefused(Refusal.NO_SUCH_KEY, withdraw());
        restore(one);
        assertEquals(List.of("k"), s3.keys(bucket));
    }

    @Test
    void removesTheNullVersionWhenItIsWithdrawn() {
        s3.versioning(bucket, Versioning.SUSPENDED);
        s3.put(bucket, "k");
        withdraw();
        assertEquals(List.of(), s3.versions(bucket));
    }

    @Test
    void countsTheBytesOfAllVersions() {
        s3.put(bucket, "k", s3.manifest(2));
        ObjectVersion two = s3.put(bucket, "k", s3.manifest(3));
        assertEquals(30, s3.view.bucket(bucket).orElseThrow().sizeBytes());
        assertEquals(20, s3.view.bucket(bucket).orElseThrow().versionBytes());
        assertEquals(50, s3.view.account("alice").sizeBytes());
        remove(two);
        assertEquals(0, s3.view.bucket(bucket).orElseThrow().sizeBytes());
        assertEquals(20, s3.view.account("alice").sizeBytes());
    }

    @Test
    void countsKeptVersionsAgainstTheQuota() {
        s3.put(bucket, "k");
        s3.put(bucket, "k");
        s3.apply(
                new BucketChange.ChangeBucketSettings(
                        bucket, new TreeMap<>(Map.of("quota.bytes", "20")), new TreeSet<>()));
        assertRefused(
                Refusal.QUOTA_EXCEEDED,
                s3.apply(putOf(bucket, "k", ETAG_A, s3.manifest(1), Precondition.NONE)));
    }
}
