package io.varve.projections.namespace;

import static io.varve.projections.namespace.NamespaceFixture.assertRefused;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.BucketChange;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class VersioningTest {
    private final NamespaceFixture s3 = new NamespaceFixture();

    @Test
    void overwritesInABucketWithoutVersioning() {
        long b = s3.bucket("b");
        s3.put(b, "k");
        ObjectVersion second = s3.put(b, "k");
        assertEquals(Optional.of(second), s3.view.latest(b, "k"));
        assertEquals(VersionId.NULL, second.versionId());
        assertEquals(List.of("k:null*"), s3.versions(b));
    }

    @Test
    void deletesForGoodInABucketWithoutVersioning() {
        long b = s3.bucket("b");
        s3.put(b, "k");
        assertEquals(new Outcome.ObjectDeleted(null, false), s3.delete(b, "k"));
        assertEquals(new Outcome.ObjectDeleted(null, false), s3.delete(b, "never-was"));
        assertEquals(List.of(), s3.versions(b));
        assertEquals(Optional.empty(), s3.view.latest(b, "k"));
    }

    @Test
    void keepsEveryVersionWhileVersioningIsOn() {
        long b = s3.bucket("b", Versioning.ENABLED);
        long first = s3.put(b, "k").position();
        long second = s3.put(b, "k").position();
        assertEquals(List.of("k:" + second + "*", "k:" + first), s3.versions(b));
        assertEquals(first, s3.view.version(b, "k", new VersionId(first)).orElseThrow().position());
    }

    @Test
    void hidesAKeyBehindADeleteMarker() {
        long b = s3.bucket("b", Versioning.ENABLED);
        long object = s3.put(b, "k").position();
        Outcome.ObjectDeleted deleted = s3.delete(b, "k");
        long marker = s3.journal.endPosition();
        assertEquals(new Outcome.ObjectDeleted(new VersionId(marker), true), deleted);
        assertTrue(s3.view.latest(b, "k").orElseThrow().deleteMarker());
        assertEquals(List.of(), s3.keys(b));
        assertEquals(List.of("k:" + marker + "-*", "k:" + object), s3.versions(b));
    }

    @Test
    void placesADeleteMarkerOnAKeyThatNeverWas() {
        long b = s3.bucket("b", Versioning.ENABLED);
        s3.delete(b, "k");
        s3.delete(b, "k");
        assertEquals(List.of("k:4-*", "k:3-"), s3.versions(b));
    }

    @Test
    void showsTheObjectAgainOnceItsDeleteMarkerIsDeleted() {
        long b = s3.bucket("b", Versioning.ENABLED);
        long object = s3.put(b, "k").position();
        s3.delete(b, "k");
        VersionId marker = new VersionId(s3.journal.endPosition());
        assertEquals(new Outcome.ObjectDeleted(marker, true), s3.delete(b, "k", marker));
        assertEquals(List.of("k:" + object + "*"), s3.versions(b));
        assertEquals(List.of("k"), s3.keys(b));
    }

    @Test
    void makesTheNextVersionCurrentWhenTheCurrentOneIsDeleted() {
        long b = s3.bucket("b", Versioning.ENABLED);
        long first = s3.put(b, "k").position();
        VersionId second = s3.put(b, "k").versionId();
        assertEquals(new Outcome.ObjectDeleted(second, false), s3.delete(b, "k", second));
        assertEquals(List.of("k:" + first + "*"), s3.versions(b));
        assertEquals(1, s3.view.bucket(b).orElseThrow().objectCount());
    }

    @Test
    void hidesTheKeyWhenADeleteMarkerComesToLightBelow() {
        long b = s3.bucket("b", Versioning.ENABLED);
        s3.put(b, "k");
        s3.delete(b, "k");
        long marker = s3.journal.endPosition();
        VersionId top = s3.put(b, "k").versionId();
        s3.delete(b, "k", top);
        assertEquals(List.of(), s3.keys(b));
        assertEquals(marker, s3.view.latest(b, "k").orElseThrow().position());
        assertEquals(0, s3.view.bucket(b).orElseThrow().objectCount());
    }

    @Test
    void keepsTheNullVersionFromBeforeVersioning() {
        long b = s3.bucket("b");
        ObjectVersion before = s3.put(b, "k");
        s3.versioning(b, Versioning.ENABLED);
        long after = s3.put(b, "k").position();
        assertEquals(List.of("k:" + after + "*", "k:null"), s3.versions(b));
        assertEquals(Optional.of(before), s3.view.version(b, "k", VersionId.NULL));
        s3.delete(b, "k", VersionId.NULL);
        assertEquals(List.of("k:" + after + "*"), s3.versions(b));
    }

    @Test
    void doesNotKnowANullVersionByItsPosition() {
        long b = s3.bucket("b");
        long position = s3.put(b, "k").position();
        s3.versioning(b, Versioning.ENABLED);
        s3.put(b, "k");
        assertEquals(Optional.empty(), s3.view.version(b, "k", new VersionId(position)));
        s3.delete(b, "k", new VersionId(position));
        assertEquals(2, s3.versions(b).size());
    }

    @Test
    void replacesOnlyTheNullVersionWhileVersioningIsSuspended() {
        long b = s3.bucket("b", Versioning.ENABLED);
        long kept = s3.put(b, "k").position();
        s3.versioning(b, Versioning.SUSPENDED);
        s3.put(b, "k");
        ObjectVersion second = s3.put(b, "k");
        assertEquals(List.of("k:null*", "k:" + kept), s3.versions(b));
        assertEquals(Optional.of(second), s3.view.version(b, "k", VersionId.NULL));
    }

    @Test
    void replacesANullVersionThatIsNoLongerCurrent() {
        long b = s3.bucket("b");
        s3.put(b, "k");
        s3.versioning(b, Versioning.ENABLED);
        long middle = s3.put(b, "k").position();
        s3.versioning(b, Versioning.SUSPENDED);
        s3.put(b, "k");
        assertEquals(List.of("k:null*", "k:" + middle), s3.versions(b));
    }

    @Test
    void placesANullDeleteMarkerInPlaceOfTheNullVersionWhileSuspended() {
        long b = s3.bucket("b", Versioning.ENABLED);
        long kept = s3.put(b, "k").position();
        s3.versioning(b, Versioning.SUSPENDED);
        s3.put(b, "k");
        assertEquals(new Outcome.ObjectDeleted(VersionId.NULL, true), s3.delete(b, "k"));
        s3.delete(b, "k");
        assertEquals(List.of("k:null-*", "k:" + kept), s3.versions(b));
        assertEquals(
                new Outcome.ObjectDeleted(VersionId.NULL, true), s3.delete(b, "k", VersionId.NULL));
        assertEquals(List.of("k:" + kept + "*"), s3.versions(b));
    }

    @Test
    void deletesAVersionThatIsNotThereAsS3Does() {
        long b = s3.bucket("b", Versioning.ENABLED);
        VersionId none = new VersionId(77);
        assertEquals(new Outcome.ObjectDeleted(none, false), s3.delete(b, "k", none));
    }

    @Test
    void neverReturnsToVersioningOff() {
        long b = s3.bucket("b", Versioning.SUSPENDED);
        assertRefused(
                Refusal.INVALID_VERSIONING,
                s3.apply(new BucketChange.SetVersioning(b, Versioning.OFF)));
        assertEquals(Versioning.SUSPENDED, s3.view.bucket(b).orElseThrow().versioning());
    }
}
