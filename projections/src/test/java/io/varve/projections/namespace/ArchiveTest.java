package io.varve.projections.namespace;

import static io.varve.projections.namespace.NamespaceFixture.ETAG_A;
import static io.varve.projections.namespace.NamespaceFixture.assertRefused;
import static io.varve.projections.namespace.NamespaceFixture.part;
import static io.varve.projections.namespace.NamespaceFixture.putOf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.SettingNames;
import io.varve.journal.record.Versioning;
import io.varve.projections.MemoryViewStore;
import io.varve.projections.ViewBatch;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

class ArchiveTest {
    private static final Precondition THERE = new Precondition.IfMatch("*");

    private final NamespaceFixture s3 = new NamespaceFixture();
    private long bucket;
    private long archive;

    @BeforeEach
    void buckets() {
        bucket = s3.bucket("b");
        archive = s3.bucket("old");
    }

    private void settings(Map<String, String> set, Set<String> removed) {
        Outcome outcome =
                s3.apply(
                        new BucketChange.ChangeBucketSettings(
                                bucket, new TreeMap<>(set), new TreeSet<>(removed)));
        assertEquals(new Outcome.Applied(), outcome);
    }

    private void stack() {
        settings(Map.of(SettingNames.ARCHIVE_STACK, "old"), Set.of(SettingNames.ARCHIVE_HISTORY));
    }

    private void history() {
        settings(Map.of(SettingNames.ARCHIVE_HISTORY, "old"), Set.of(SettingNames.ARCHIVE_STACK));
    }

    private static String nameOf(ObjectVersion version) {
        long ticks = version.createdMicros() / 10;
        return "%03x%s/%010d.%05d"
                .formatted(version.key().length(), version.key(), ticks / 100_000, ticks % 100_000);
    }

    private Outcome deleteIfThere(String key) {
        return s3.apply(new ObjectChange.DeleteObject(bucket, key, null, THERE));
    }

    @Test
    void movesWhatIsOverwritten() {
        stack();
        ObjectVersion one = s3.put(bucket, "k");
        ObjectVersion two = s3.put(bucket, "k");
        ObjectVersion three = s3.put(bucket, "k");
        assertEquals(List.of(nameOf(one), nameOf(two)), s3.keys(archive));
        assertEquals(three, s3.view.latest(bucket, "k").orElseThrow());
        ObjectVersion moved = s3.view.latest(archive, nameOf(one)).orElseThrow();
        assertEquals(one.position(), moved.position());
        assertEquals(one.attributes(), moved.attributes());
        assertEquals(s3.view.manifest(one), s3.view.manifest(moved));
    }

    @Test
    void movesWhatACopyOrACompletedUploadOverwrites() {
        stack();
        ObjectVersion one = s3.put(bucket, "k");
        ObjectVersion other = s3.put(bucket, "other");
        ObjectVersion two = NamespaceFixture.assertPut(s3.copy(other, bucket, "k"));
        long upload = s3.startUpload(bucket, "k");
        s3.putPart(bucket, "k", upload, 1, ETAG_A, s3.manifest(1));
        s3.complete(bucket, "k", upload, part(1, ETAG_A));
        assertEquals(List.of(nameOf(one), nameOf(two)), s3.keys(archive));
    }

    @Test
    void bringsTheNewestBackOnDelete() {
        stack();
        ObjectVersion one = s3.put(bucket, "k");
        ObjectVersion two = s3.put(bucket, "k");
        s3.put(bucket, "k");
        deleteIfThere("k");
        ObjectVersion back = s3.view.latest(bucket, "k").orElseThrow();
        assertEquals(s3.view.manifest(two), s3.view.manifest(back));
        assertEquals(List.of(nameOf(one)), s3.keys(archive));
        deleteIfThere("k");
        deleteIfThere("k");
        assertTrue(s3.view.latest(bucket, "k").isEmpty());
        assertEquals(List.of(), s3.keys(archive));
        assertRefused(Refusal.NO_SUCH_KEY, deleteIfThere("k"));
    }

    @Test
    void bringsBackTheNewestOfVeryManyAmongForeignNames() {
        stack();
        ObjectVersion last = s3.put(bucket, "k");
        for (int i = 0; i < 300; i++) {
            last = s3.put(bucket, "k");
        }
        s3.put(archive, "001k/9999999999.99999x");
        s3.put(archive, "001k/zebra");
        s3.put(bucket, "k");
        deleteIfThere("k");
        ObjectVersion back = s3.view.latest(bucket, "k").orElseThrow();
        assertEquals(s3.view.manifest(last), s3.view.manifest(back));
    }

    @Test
    void marksDeletionsInHistory() {
        history();
        ObjectVersion one = s3.put(bucket, "k");
        deleteIfThere("k");
        assertTrue(s3.view.latest(bucket, "k").isEmpty());
        List<String> names = s3.keys(archive);
        assertEquals(nameOf(one), names.getFirst());
        ObjectVersion mark = s3.view.latest(archive, names.get(1)).orElseThrow();
        assertEquals(Archive.MARKER_TYPE, mark.attributes().headers().get("content-type"));
        assertEquals(0, mark.sizeBytes());
        assertRefused(Refusal.NO_SUCH_KEY, deleteIfThere("k"));
        s3.delete(bucket, "k");
        assertEquals(3, s3.keys(archive).size());
    }

    @Test
    void undoesADeletionOfHistoryWhenAStackIsPopped() {
        history();
        ObjectVersion one = s3.put(bucket, "k");
        deleteIfThere("k");
        stack();
        deleteIfThere("k");
        ObjectVersion back = s3.view.latest(bucket, "k").orElseThrow();
        assertEquals(s3.view.manifest(one), s3.view.manifest(back));
        assertEquals(List.of(), s3.keys(archive));
    }

    @Test
    void refusesWhatItCouldNotKeep() {
        settings(Map.of(SettingNames.ARCHIVE_STACK, "nowhere"), Set.of());
        s3.put(bucket, "k");
        Manifest next = s3.manifest(1);
        assertRefused(
                Refusal.NO_SUCH_ARCHIVE,
                s3.apply(putOf(bucket, "k", ETAG_A, next, Precondition.NONE)));
        assertEquals(List.of(next), s3.released());
        String tooLong = "x".repeat(1010);
        stack();
        s3.put(bucket, tooLong);
        assertRefused(
                Refusal.NO_SUCH_ARCHIVE,
                s3.apply(putOf(bucket, tooLong, ETAG_A, s3.manifest(1), Precondition.NONE)));
    }

    @Test
    void leavesABucketAloneThatKeepsVersionsItself() {
        stack();
        s3.versioning(bucket, Versioning.ENABLED);
        s3.put(bucket, "k");
        s3.put(bucket, "k");
        assertEquals(List.of(), s3.keys(archive));
        assertEquals(2, s3.versions(bucket).size());
    }

    /** The process may end after any record: whatever it was, no object is lost or there twice. */
    @Test
    void hasEachObjectInOnePlaceAfterEveryRecord() {
        stack();
        List<ObjectVersion> made = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            made.add(s3.put(bucket, "k"));
        }
        deleteIfThere("k");
        deleteIfThere("k");
        history();
        deleteIfThere("k");
        long end = s3.journal.endPosition();
        for (long through = made.getFirst().position(); through <= end; through++) {
            NamespaceView then = replayed(through);
            List<Manifest> seen = new ArrayList<>();
            for (long id : new long[] {bucket, archive}) {
                for (ObjectVersion object :
                        then.list(new ListQuery(id, "", "", null, 100)).objects()) {
                    if (object.sizeBytes() > 0) {
                        seen.add(then.manifest(object).orElseThrow());
                    }
                }
            }
            assertEquals(seen.size(), Set.copyOf(seen).size(), "through=" + through);
            long last = through;
            long puts = made.stream().filter(version -> version.position() <= last).count();
            long pops = Math.clamp(through - made.getLast().position(), 0, 2);
            assertEquals(puts - pops, seen.size(), "through=" + through);
        }
    }

    private NamespaceView replayed(long throughPosition) {
        MemoryViewStore store = new MemoryViewStore();
        Namespace namespace = new Namespace(new ViewBatch(store));
        for (long position = 1; position <= throughPosition; position++) {
            var record = s3.journal.at(position);
            namespace.apply(record);
            namespace.commit(record);
        }
        return new StoredView(store, new BucketCache(store), () -> throughPosition);
    }
}
