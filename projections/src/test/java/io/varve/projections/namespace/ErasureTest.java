package io.varve.projections.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

final class ErasureTest {
    private final NamespaceFixture s3 = new NamespaceFixture();

    private Outcome erase(long bucket) {
        return s3.apply(new ObjectChange.EraseHistory(bucket, "k"));
    }

    private Optional<ObjectVersion> at(long bucket, long position) {
        return s3.view.at(s3.view.momentOf(position)).latest(bucket, "k");
    }

    @Test
    void whatWasOverwrittenAndDeletedIsGoneFromThePast() {
        long bucket = s3.bucket("b");
        Manifest first = s3.manifest(1);
        Manifest second = s3.manifest(1);
        ObjectVersion one = s3.put(bucket, "k", first);
        ObjectVersion two = s3.put(bucket, "k", second);
        ObjectVersion other = s3.put(bucket, "other");
        s3.delete(bucket, "k");
        assertEquals(one, at(bucket, one.position()).orElseThrow());
        assertEquals(new Outcome.WindowClosed(2, false), erase(bucket));
        assertEquals(Optional.empty(), at(bucket, one.position()));
        assertEquals(Optional.empty(), at(bucket, two.position()));
        assertEquals(List.of(first, second), s3.released());
        assertEquals(Optional.of(other), s3.view.latest(bucket, "other"));
        assertEquals(new Outcome.WindowClosed(0, false), erase(bucket));
        NamespaceFixture.assertRefused(Refusal.SOURCE_GONE, s3.copy(one, bucket, "back"));
    }

    @Test
    void theWindowForgetsWhatIsLeftAndReleasesNothingTwice() {
        long bucket = s3.bucket("b");
        s3.put(bucket, "k");
        s3.delete(bucket, "k");
        erase(bucket);
        List<Manifest> released = s3.released();
        assertEquals(new Outcome.WindowClosed(1, false), s3.closeWindow(10));
        assertEquals(released, s3.released());
    }

    @Test
    void whatIsShownStaysAndSoDoBytesThatACopyHas() {
        long bucket = s3.bucket("b");
        ObjectVersion one = s3.put(bucket, "k");
        ObjectVersion copy = NamespaceFixture.assertPut(s3.copy(one, bucket, "copy"));
        ObjectVersion two = s3.put(bucket, "k");
        erase(bucket);
        assertEquals(Optional.of(two), s3.view.latest(bucket, "k"));
        assertEquals(Optional.empty(), at(bucket, one.position()));
        assertEquals(Optional.of(copy), s3.view.latest(bucket, "copy"));
        assertEquals(List.of(), s3.released());
    }

    @Test
    void noOlderVersionComesToLightWhereOneWasErased() {
        long bucket = s3.bucket("b", Versioning.ENABLED);
        ObjectVersion one = s3.put(bucket, "k");
        ObjectVersion two = s3.put(bucket, "k");
        s3.delete(bucket, "k", new VersionId(two.position()));
        assertEquals(Optional.of(two), at(bucket, two.position()));
        erase(bucket);
        assertEquals(Optional.empty(), at(bucket, two.position()));
        assertEquals(Optional.of(one), at(bucket, one.position()));
        assertEquals(Optional.of(one), s3.view.latest(bucket, "k"));
    }

    @Test
    void aSnapshotDoesNotKeepWhatIsErased() {
        long bucket = s3.bucket("b");
        ObjectVersion one = s3.put(bucket, "k");
        s3.apply(new BucketChange.CreateSnapshot(bucket, "kept"));
        s3.delete(bucket, "k");
        s3.closeWindow(10);
        Snapshot kept = s3.view.snapshot(bucket, "kept").orElseThrow();
        assertEquals(Optional.of(one), s3.view.at(kept).latest(bucket, "k"));
        erase(bucket);
        assertEquals(Optional.empty(), s3.view.at(kept).latest(bucket, "k"));
        assertEquals(1, s3.released().size());
        s3.apply(new BucketChange.RemoveSnapshot(bucket, "kept"));
        s3.closeWindow(10);
        assertEquals(1, s3.released().size());
    }

    @Test
    void aLongPastTakesSeveralRecords() {
        long bucket = s3.bucket("b");
        for (int i = 0; i < 1500; i++) {
            s3.put(bucket, "k");
        }
        assertEquals(new Outcome.WindowClosed(1000, true), erase(bucket));
        assertEquals(new Outcome.WindowClosed(499, false), erase(bucket));
        assertTrue(s3.view.latest(bucket, "k").isPresent());
    }
}
