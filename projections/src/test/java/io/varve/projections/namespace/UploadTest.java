package io.varve.projections.namespace;

import static io.varve.projections.namespace.NamespaceFixture.ETAG_A;
import static io.varve.projections.namespace.NamespaceFixture.ETAG_B;
import static io.varve.projections.namespace.NamespaceFixture.assertPut;
import static io.varve.projections.namespace.NamespaceFixture.assertRefused;
import static io.varve.projections.namespace.NamespaceFixture.part;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.Manifest;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.WindowChange;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class UploadTest {
    private final NamespaceFixture s3 = new NamespaceFixture();
    private long bucket;
    private long upload;

    @BeforeEach
    void start() {
        bucket = s3.bucket("b");
        upload = s3.startUpload(bucket, "k");
    }

    private Manifest putPart(int number, String etag, int blobCount) {
        Manifest manifest = s3.manifest(blobCount);
        s3.putPart(bucket, "k", upload, number, etag, manifest);
        return manifest;
    }

    private Outcome complete(UploadChange.PartRef... parts) {
        return s3.complete(bucket, "k", upload, parts);
    }

    @Test
    void makesAnObjectOfItsParts() {
        Manifest second = putPart(20, ETAG_B, 6);
        Manifest first = putPart(3, ETAG_A, 2);
        ObjectVersion version = assertPut(complete(part(3, ETAG_A), part(20, ETAG_B)));
        assertEquals(80, version.sizeBytes());
        assertEquals(2, version.partCount());
        assertEquals(ETAG_B + "-2", version.etag());
        assertEquals(Optional.of(version), s3.view.latest(bucket, "k"));
        assertEquals(
                List.of(3, 20), s3.view.parts(version).stream().map(Part::partNumber).toList());
        assertEquals(Optional.of(second), s3.view.part(version, 20));
        assertEquals(Optional.empty(), s3.view.part(version, 4));
        List<Object> blobs = new ArrayList<>(first.blobs());
        blobs.addAll(second.blobs());
        assertEquals(blobs, s3.view.manifest(version).orElseThrow().blobs());
        assertTrue(s3.view.upload(bucket, "k", upload).isEmpty());
    }

    @Test
    void releasesAReplacedPartAtOnce() {
        Manifest replaced = putPart(1, ETAG_A, 5);
        putPart(1, ETAG_B, 1);
        assertEquals(List.of(replaced), s3.released());
        Upload open = s3.view.upload(bucket, "k", upload).orElseThrow();
        assertEquals(ETAG_B, s3.view.uploadParts(open, 0, 10).getFirst().etag());
    }

    @Test
    void releasesPartsThatAreNotNamed() {
        putPart(1, ETAG_A, 1);
        Manifest unused = putPart(2, ETAG_A, 3);
        putPart(3, ETAG_A, 1);
        ObjectVersion version = assertPut(complete(part(1, ETAG_A), part(3, ETAG_A)));
        assertEquals(List.of(unused), s3.released());
        assertEquals(Optional.empty(), s3.view.part(version, 2));
    }

    @Test
    void releasesThePartsOfAnAbortedUpload() {
        Manifest first = putPart(1, ETAG_A, 1);
        Manifest second = putPart(2, ETAG_A, 9);
        assertEquals(
                new Outcome.Applied(), s3.apply(new UploadChange.AbortUpload(bucket, "k", upload)));
        assertEquals(List.of(first, second), s3.released());
        assertRefused(
                Refusal.NO_SUCH_UPLOAD,
                s3.apply(new UploadChange.AbortUpload(bucket, "k", upload)));
    }

    @Test
    void refusesAPartOfNoUploadAndReleasesItsBlobs() {
        Manifest manifest = s3.manifest(2);
        assertRefused(
                Refusal.NO_SUCH_UPLOAD,
                s3.putPart(bucket, "other-key", upload, 1, ETAG_A, manifest));
        assertEquals(List.of(manifest), s3.released());
    }

    @Test
    void refusesPartsThatAreOutOfOrderMissingOrOthers() {
        putPart(1, ETAG_A, 1);
        putPart(2, ETAG_A, 1);
        assertRefused(Refusal.INVALID_PART_ORDER, complete(part(2, ETAG_A), part(1, ETAG_A)));
        assertRefused(Refusal.INVALID_PART_ORDER, complete(part(1, ETAG_A), part(1, ETAG_A)));
        assertRefused(Refusal.INVALID_PART, complete(part(1, ETAG_A), part(3, ETAG_A)));
        assertRefused(Refusal.INVALID_PART, complete(part(1, ETAG_B)));
        assertRefused(Refusal.INVALID_PART, complete());
        assertPut(complete(part(1, ETAG_A), part(2, ETAG_A)));
    }

    @Test
    void refusesASmallPartUnlessItIsTheLast() {
        putPart(1, ETAG_A, 1);
        putPart(2, ETAG_A, 2);
        assertRefused(
                Refusal.PART_TOO_SMALL,
                s3.complete(bucket, "k", upload, 20, part(1, ETAG_A), part(2, ETAG_A)));
        assertPut(s3.complete(bucket, "k", upload, 20, part(1, ETAG_A)));
    }

    @Test
    void answersARepeatedCompletionAsTheFirst() {
        putPart(1, ETAG_A, 1);
        Outcome first = complete(part(1, ETAG_A));
        s3.put(bucket, "k");
        assertEquals(first, complete(part(1, ETAG_A)));
        assertEquals(Optional.of(assertPut(first)), s3.view.completed(bucket, "k", upload));
        assertRefused(Refusal.NO_SUCH_UPLOAD, complete(part(1, ETAG_A), part(2, ETAG_A)));
    }

    @Test
    void forgetsACompletedUploadWhenTheWindowCloses() {
        putPart(1, ETAG_A, 1);
        assertPut(complete(part(1, ETAG_A)));
        s3.closeWindow(10);
        assertEquals(Optional.empty(), s3.view.completed(bucket, "k", upload));
        assertRefused(Refusal.NO_SUCH_UPLOAD, complete(part(1, ETAG_A)));
        assertEquals(List.of(), s3.released());
    }

    @Test
    void sharesThePartsOfACopiedObject() {
        Manifest first = putPart(1, ETAG_A, 1);
        Manifest second = putPart(2, ETAG_A, 8);
        ObjectVersion version = assertPut(complete(part(1, ETAG_A), part(2, ETAG_A)));
        ObjectVersion copy = assertPut(s3.copy(version, bucket, "copy"));
        assertEquals(2, copy.partCount());
        s3.delete(bucket, "k");
        s3.closeWindow(10);
        assertEquals(List.of(), s3.released());
        assertEquals(Optional.of(second), s3.view.part(copy, 2));
        s3.delete(bucket, "copy");
        s3.closeWindow(10);
        assertEquals(List.of(first, second), s3.released());
    }

    @Test
    void listsReleasedBlobsUntilTheyAreConfirmedDropped() {
        Manifest first = putPart(1, ETAG_A, 1);
        Manifest second = putPart(1, ETAG_A, 1);
        long released = s3.journal.endPosition();
        putPart(1, ETAG_A, 1);
        assertEquals(List.of(first, second), s3.released());
        assertEquals(1, s3.view.released(released, 10).size());
        assertEquals(1, s3.view.released(Long.MAX_VALUE, 1).size());
        s3.apply(new WindowChange.ConfirmDropped(released));
        assertEquals(List.of(second), s3.released());
        s3.apply(new WindowChange.ConfirmDropped(Long.MAX_VALUE));
        Manifest third = putPart(1, ETAG_A, 1);
        assertEquals(1, s3.released().size());
        putPart(1, ETAG_A, 1);
        assertEquals(third, s3.released().getLast());
    }
}
