package io.varve.projections.namespace;

import static io.varve.projections.namespace.NamespaceFixture.ETAG_A;
import static io.varve.projections.namespace.NamespaceFixture.ETAG_B;
import static io.varve.projections.namespace.NamespaceFixture.assertPut;
import static io.varve.projections.namespace.NamespaceFixture.assertRefused;
import static io.varve.projections.namespace.NamespaceFixture.putOf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.Draft;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.VersionRef;
import io.varve.journal.record.Versioning;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

class ObjectChangeTest {
    private final NamespaceFixture s3 = new NamespaceFixture();

    private Outcome put(long b, String etag, Precondition condition) {
        return s3.apply(putOf(b, "k", etag, s3.manifest(1), condition));
    }

    @Test
    void putsIfAbsentOnce() {
        long b = s3.bucket("b");
        assertPut(put(b, ETAG_A, new Precondition.IfAbsent()));
        assertRefused(Refusal.PRECONDITION_FAILED, put(b, ETAG_B, new Precondition.IfAbsent()));
    }

    @Test
    void takesADeleteMarkerForAbsence() {
        long b = s3.bucket("b", Versioning.ENABLED);
        s3.put(b, "k");
        s3.delete(b, "k");
        assertRefused(Refusal.NO_SUCH_KEY, put(b, ETAG_A, new Precondition.IfMatch("*")));
        assertPut(put(b, ETAG_A, new Precondition.IfAbsent()));
    }

    @Test
    void putsIfTheEtagMatches() {
        long b = s3.bucket("b");
        assertRefused(Refusal.NO_SUCH_KEY, put(b, ETAG_A, new Precondition.IfMatch(ETAG_A)));
        put(b, ETAG_A, Precondition.NONE);
        assertRefused(
                Refusal.PRECONDITION_FAILED, put(b, ETAG_B, new Precondition.IfMatch(ETAG_B)));
        assertPut(put(b, ETAG_B, new Precondition.IfMatch(ETAG_A)));
        assertPut(put(b, ETAG_B, new Precondition.IfMatch("*")));
    }

    @Test
    void whatComesFromElsewhereTakesEffectOnlyWhereItIsNewer() {
        long b = s3.bucket("b");
        assertPut(put(b, ETAG_A, new Precondition.IfOlder(0)));
        ObjectVersion local = assertPut(put(b, ETAG_A, Precondition.NONE));
        long written = local.writtenMicros();
        assertEquals(local.createdMicros(), written);
        assertRefused(
                Refusal.PRECONDITION_FAILED, put(b, ETAG_B, new Precondition.IfOlder(written)));
        ObjectVersion newer = assertPut(synced(b, written + 5));
        assertEquals(written + 5, newer.writtenMicros());
        assertRefused(Refusal.PRECONDITION_FAILED, synced(b, written + 5));
        ObjectChange older =
                new ObjectChange.DeleteObject(b, "k", null, new Precondition.IfOlder(written));
        assertRefused(Refusal.PRECONDITION_FAILED, s3.apply(older));
        ObjectChange later =
                new ObjectChange.DeleteObject(b, "k", null, new Precondition.IfOlder(written + 6));
        assertEquals(new Outcome.ObjectDeleted(null, false), s3.apply(later));
    }

    private Outcome synced(long b, long originMicros) {
        Attributes attributes =
                new Attributes(
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeMap<>(Map.of(Attributes.ORIGIN, Long.toString(originMicros))));
        return s3.apply(
                new ObjectChange.PutObject(
                        b,
                        "k",
                        ETAG_B,
                        s3.manifest(1),
                        attributes,
                        List.of(),
                        new Precondition.IfOlder(originMicros)));
    }

    @Test
    void deletesIfTheEtagMatches() {
        long b = s3.bucket("b");
        put(b, ETAG_A, Precondition.NONE);
        assertRefused(
                Refusal.PRECONDITION_FAILED,
                s3.apply(
                        new ObjectChange.DeleteObject(
                                b, "k", null, new Precondition.IfMatch(ETAG_B))));
        assertEquals(
                new Outcome.ObjectDeleted(null, false),
                s3.apply(
                        new ObjectChange.DeleteObject(
                                b, "k", null, new Precondition.IfMatch(ETAG_A))));
    }

    @Test
    void refusesChangesInABucketThatIsNotThere() {
        assertRefused(Refusal.NO_SUCH_BUCKET, put(99, ETAG_A, Precondition.NONE));
        assertRefused(
                Refusal.NO_SUCH_BUCKET,
                s3.apply(new ObjectChange.DeleteObject(99, "k", null, Precondition.NONE)));
    }

    @Test
    void releasesTheBlobsOfARefusedPut() {
        Manifest manifest = s3.manifest(7);
        s3.apply(putOf(99, "k", ETAG_A, manifest, Precondition.NONE));
        assertEquals(List.of(manifest), s3.released());
    }

    @Test
    void appliesARepeatedRequestOnce() {
        long b = s3.bucket("b", Versioning.ENABLED);
        Manifest manifest = s3.manifest(1);
        Draft draft =
                new Draft(
                        new RequestId(1, 1),
                        "alice",
                        putOf(b, "k", ETAG_A, manifest, Precondition.NONE));
        assertPut(s3.apply(draft));
        assertRefused(Refusal.REPEATED_REQUEST, s3.apply(draft));
        assertEquals(1, s3.versions(b).size());
        assertEquals(List.of(), s3.released());
    }

    @Test
    void copiesWithoutTheSourceLosingAnything() {
        long b = s3.bucket("b");
        Manifest manifest = s3.manifest(2);
        ObjectVersion source = s3.put(b, "k", manifest);
        ObjectVersion copy = assertPut(s3.copy(source, b, "copy"));
        assertEquals(source.etag(), copy.etag());
        s3.delete(b, "k");
        s3.closeWindow(100);
        assertEquals(List.of(), s3.released());
        assertEquals(Optional.of(manifest), s3.view.manifest(copy));
        s3.delete(b, "copy");
        s3.closeWindow(100);
        assertEquals(List.of(manifest), s3.released());
    }

    @Test
    void copiesOntoItselfToChangeAttributes() {
        long b = s3.bucket("b");
        Manifest manifest = s3.manifest(5);
        ObjectVersion source = s3.put(b, "k", manifest);
        Attributes attributes =
                new Attributes(new TreeMap<>(Map.of("content-type", "a/b")), new TreeMap<>());
        ObjectVersion copy =
                assertPut(
                        s3.apply(
                                new ObjectChange.CopyObject(
                                        b,
                                        "k",
                                        new VersionRef(b, "k", source.position()),
                                        attributes,
                                        Precondition.NONE)));
        assertEquals(attributes, copy.attributes());
        s3.closeWindow(100);
        assertEquals(List.of(), s3.released());
        assertEquals(Optional.of(manifest), s3.view.manifest(copy));
    }

    @Test
    void copiesAVersionThatIsOnlyInHistoryAndRefusesAForgottenOne() {
        long b = s3.bucket("b");
        ObjectVersion source = s3.put(b, "k");
        s3.delete(b, "k");
        assertPut(s3.copy(source, b, "back"));
        s3.closeWindow(100);
        assertRefused(Refusal.SOURCE_GONE, s3.copy(source, b, "late"));
    }

    @Test
    void keepsOverwrittenBlobsUntilTheWindowCloses() {
        long b = s3.bucket("b");
        Manifest first = s3.manifest(3);
        ObjectVersion old = s3.put(b, "k", first);
        s3.put(b, "k");
        assertEquals(List.of(), s3.released());
        assertEquals(Optional.of(first), s3.view.manifest(old));
        assertEquals(new Outcome.WindowClosed(1, false), s3.closeWindow(10));
        assertEquals(List.of(first), s3.released());
    }

    @Test
    void findsABigManifestAgain() {
        long b = s3.bucket("b");
        Manifest big = s3.manifest(5000);
        ObjectVersion version = s3.put(b, "k", big);
        assertEquals(Optional.of(big), s3.view.manifest(version));
        s3.delete(b, "k");
        s3.closeWindow(10);
        assertEquals(big.blobs(), s3.released().stream().flatMap(m -> m.blobs().stream()).toList());
        NamespaceView fresh = new StoredView(s3.store, new BucketCache(s3.store), () -> 0);
        assertEquals(Optional.empty(), fresh.manifest(version));
    }
}
