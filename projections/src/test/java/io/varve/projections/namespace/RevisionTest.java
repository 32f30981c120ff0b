package io.varve.projections.namespace;

import static io.varve.projections.namespace.NamespaceFixture.assertPut;
import static io.varve.projections.namespace.NamespaceFixture.assertRefused;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Attributes that are replaced in place, and objects that expire. */
class RevisionTest {
    /** Long before the time of any record here, and long after. */
    private static final String PAST = "1000";

    private static final String FUTURE = "99999999999";

    private final NamespaceFixture s3 = new NamespaceFixture();

    private static Attributes color(String color) {
        return new Attributes(new TreeMap<>(), new TreeMap<>(Map.of("color", color)));
    }

    private static Attributes expires(String seconds) {
        return Attributes.NONE.withSettings(new TreeMap<>(Map.of(Attributes.EXPIRES, seconds)));
    }

    private Outcome set(ObjectVersion version, long revision, Attributes attributes) {
        return set(version, revision, attributes, false);
    }

    private Outcome set(
            ObjectVersion version, long revision, Attributes attributes, boolean touch) {
        return s3.apply(
                new ObjectChange.SetAttributes(
                        version.bucketId(),
                        version.key(),
                        version.position(),
                        revision,
                        attributes,
                        touch));
    }

    private static ObjectVersion revised(Outcome outcome) {
        return assertInstanceOf(Outcome.AttributesSet.class, outcome).version();
    }

    private ObjectVersion putExpiring(long bucketId, String key, String seconds) {
        return assertPut(
                s3.apply(
                        new ObjectChange.PutObject(
                                bucketId,
                                key,
                                NamespaceFixture.ETAG_A,
                                s3.manifest(1),
                                expires(seconds),
                                List.of(),
                                Precondition.NONE)));
    }

    private Outcome expire(ObjectVersion version) {
        return s3.apply(
                new ObjectChange.ExpireObject(
                        version.bucketId(), version.key(), version.position(), 2000, false));
    }

    private Outcome expireAndKeep(ObjectVersion version) {
        return s3.apply(
                new ObjectChange.ExpireObject(
                        version.bucketId(), version.key(), version.position(), 2000, true));
    }

    @Test
    void keepsAVersionThatHasAnIdWhenItExpires() {
        long b = s3.bucket("b", Versioning.ENABLED);
        ObjectVersion due = putExpiring(b, "k", PAST);
        assertEquals(new Outcome.ObjectDeleted(due.versionId(), false), expireAndKeep(due));
        assertEquals(true, s3.view.latest(b, "k").isEmpty());
        assertEquals(due, s3.view.version(b, "k", due.versionId()).orElseThrow());
        assertEquals(List.of(), s3.view.expired(2000, 10));
        assertRefused(Refusal.REVISED, expireAndKeep(due));
    }

    @Test
    void doesNotExpireWhatIsNotCurrent() {
        long b = s3.bucket("b", Versioning.ENABLED);
        ObjectVersion old = putExpiring(b, "k", PAST);
        ObjectVersion newest = s3.put(b, "k");
        assertEquals(List.of(), s3.view.expired(2000, 10));
        assertRefused(Refusal.REVISED, expireAndKeep(old));
        s3.delete(b, "k", newest.versionId());
        assertEquals(1, s3.view.expired(2000, 10).size());
    }

    @Test
    void removesTheNullVersionWhenItExpires() {
        long b = s3.bucket("b");
        expireAndKeep(putExpiring(b, "k", PAST));
        assertEquals(List.of(), s3.versions(b));
    }

    private @Nullable HistoryRow past(ObjectVersion version, long revision) {
        byte[] key = NamespaceKeys.utf8(version.key());
        byte[] value =
                s3.store.get(
                        revision == version.position()
                                ? NamespaceKeys.version(
                                        NamespaceKeys.HISTORY, version.bucketId(), key, revision)
                                : NamespaceKeys.historyFrom(
                                        version.bucketId(), key, version.position(), revision));
        return value == null ? null : HistoryRow.decode(value);
    }

    @Test
    void keepsVersionBytesAndTimeWhenAttributesAreReplaced() {
        long b = s3.bucket("b", Versioning.ENABLED);
        Manifest manifest = s3.manifest(2);
        ObjectVersion put = s3.put(b, "k", manifest);
        ObjectVersion red = revised(set(put, put.revision(), color("red")));
        assertEquals(put.versionId(), red.versionId());
        assertEquals(put.createdMicros(), red.createdMicros());
        assertEquals(color("red"), red.attributes());
        assertEquals(manifest, s3.view.manifest(red).orElseThrow());
        assertEquals(red, s3.view.latest(b, "k").orElseThrow());
        assertEquals(List.of("k:" + put.position() + "*"), s3.versions(b));
        assertEquals(20, s3.view.bucket("b").orElseThrow().sizeBytes());
        ObjectVersion touched = revised(set(red, 0, color("blue"), true));
        assertEquals(true, touched.createdMicros() > put.createdMicros());
    }

    @Test
    void keepsWhatAVersionSaidBeforeUntilTheWindowCloses() {
        long b = s3.bucket("b");
        ObjectVersion put = s3.put(b, "k");
        ObjectVersion red = revised(set(put, 0, color("red")));
        ObjectVersion blue = revised(set(put, 0, color("blue")));
        HistoryRow first = past(put, put.position());
        HistoryRow second = past(put, red.revision());
        assertNotNull(first);
        assertNotNull(second);
        assertEquals(put, first.row().toVersion(b, "k"));
        assertEquals(red.revision(), first.removedPosition());
        assertEquals(red, second.row().toVersion(b, "k"));
        assertEquals(blue.revision(), second.removedPosition());
        assertEquals(second.row().revisedMicros(), first.removedMicros());
        s3.closeWindow(10);
        assertNull(past(put, put.position()));
        assertEquals(List.of(), s3.released());
        s3.delete(b, "k");
        s3.closeWindow(10);
        assertEquals(1, s3.released().size());
    }

    @Test
    void revisesANoncurrentVersionAndTheNullVersion() {
        long b = s3.bucket("b");
        ObjectVersion first = s3.put(b, "k");
        s3.versioning(b, Versioning.ENABLED);
        s3.put(b, "k");
        ObjectVersion red = revised(set(first, 0, color("red")));
        assertEquals(red, s3.view.version(b, "k", VersionId.NULL).orElseThrow());
        s3.delete(b, "k", s3.view.latest(b, "k").orElseThrow().versionId());
        assertEquals(red, s3.view.latest(b, "k").orElseThrow());
    }

    @Test
    void refusesAttributesMadeFromOthersThanThereAre() {
        long b = s3.bucket("b", Versioning.ENABLED);
        ObjectVersion put = s3.put(b, "k");
        revised(set(put, put.revision(), color("red")));
        assertRefused(Refusal.REVISED, set(put, put.revision(), color("blue")));
        s3.delete(b, "k");
        ObjectVersion marker = s3.view.latest(b, "k").orElseThrow();
        assertRefused(Refusal.NO_SUCH_VERSION, set(marker, 0, color("red")));
        s3.delete(b, "k", put.versionId());
        assertRefused(Refusal.NO_SUCH_VERSION, set(put, 0, color("red")));
    }

    @Test
    void copiesAVersionOfWhichOnlyALaterWordIsRemembered() {
        long b = s3.bucket("b");
        ObjectVersion put = s3.put(b, "k");
        revised(set(put, 0, color("red")));
        s3.closeWindow(10);
        s3.delete(b, "k");
        assertEquals(color("red"), assertPut(s3.copy(put, b, "copy")).attributes());
    }

    @Test
    void listsWhatFallsDueInOrder() {
        long b = s3.bucket("b");
        ObjectVersion late = putExpiring(b, "a", "1500");
        ObjectVersion early = putExpiring(b, "b", PAST);
        putExpiring(b, "c", FUTURE);
        putExpiring(b, "d", "soon");
        assertEquals(
                List.of(early.position(), late.position()),
                s3.view.expired(2000, 10).stream()
                        .map(NamespaceView.ExpiringVersion::position)
                        .toList());
        assertEquals(1, s3.view.expired(2000, 1).size());
        revised(set(late, 0, expires(FUTURE)));
        s3.put(b, "b");
        assertEquals(List.of(), s3.view.expired(2000, 10));
    }

    @Test
    void removesWhatHasExpiredAndNothingThatWasProlonged() {
        long b = s3.bucket("b");
        ObjectVersion due = putExpiring(b, "due", PAST);
        ObjectVersion prolonged = putExpiring(b, "prolonged", PAST);
        revised(set(prolonged, 0, expires(FUTURE)));
        assertEquals(new Outcome.ObjectDeleted(VersionId.NULL, false), expire(due));
        assertRefused(Refusal.REVISED, expire(prolonged));
        assertRefused(Refusal.NO_SUCH_VERSION, expire(due));
        assertEquals(List.of("prolonged"), s3.keys(b));
        assertEquals(List.of(), s3.view.expired(2000, 10));
    }

    @Test
    void bringsNoOlderVersionToLightWhenTheNewestExpires() {
        long b = s3.bucket("b", Versioning.ENABLED);
        ObjectVersion old = s3.put(b, "k");
        ObjectVersion due = putExpiring(b, "k", PAST);
        expire(due);
        assertEquals(true, s3.view.latest(b, "k").orElseThrow().deleteMarker());
        assertEquals(2, s3.versions(b).size());
        assertEquals(old, s3.view.version(b, "k", old.versionId()).orElseThrow());
        ObjectVersion hidden = putExpiring(b, "k", PAST);
        ObjectVersion newest = s3.put(b, "k");
        expire(hidden);
        assertEquals(newest, s3.view.latest(b, "k").orElseThrow());
    }

    @Test
    void takesWhatHasExpiredForAbsentInConditionsAndListings() {
        long b = s3.bucket("b");
        putExpiring(b, "dir/k", PAST);
        assertEquals(
                List.of(), s3.view.list(new ListQuery(b, "", "/", null, 9, 2000)).commonPrefixes());
        assertEquals(
                List.of("dir/"),
                s3.view.list(new ListQuery(b, "", "/", null, 9, 900)).commonPrefixes());
        assertPut(
                s3.apply(
                        NamespaceFixture.putOf(
                                b,
                                "dir/k",
                                NamespaceFixture.ETAG_B,
                                s3.manifest(1),
                                new Precondition.IfAbsent())));
    }
}
