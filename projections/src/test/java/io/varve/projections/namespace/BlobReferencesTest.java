package io.varve.projections.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.BlobReferences.Owner;
import io.varve.projections.namespace.BlobReferences.Role;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What blobs belong to; that all of them are shown, the model test compares. */
class BlobReferencesTest {
    private final NamespaceFixture fixture = new NamespaceFixture();

    private List<Owner> owners(BlobRef blob) {
        try (BlobReferences walk = fixture.view.references()) {
            return walk.owners(blob::equals, 100);
        }
    }

    private static BlobRef only(Manifest manifest) {
        return manifest.blobs().getLast();
    }

    @Test
    void tellsTheVersionsThatAnyBlobBelongsTo() {
        long bucket = fixture.bucket("b", Versioning.ENABLED);
        Manifest small = fixture.manifest(1);
        Manifest chunked = fixture.manifest(Content.INLINE_BLOB_COUNT_MAX + 3);
        ObjectVersion first = fixture.put(bucket, "first", small);
        ObjectVersion second = fixture.put(bucket, "second", chunked);
        Owner current = new Owner(only(small), Role.CURRENT, bucket, "first", first.position(), 0);
        assertEquals(List.of(current), owners(only(small)));
        assertEquals(
                List.of(
                        new Owner(
                                only(chunked),
                                Role.CURRENT,
                                bucket,
                                "second",
                                second.position(),
                                0)),
                owners(only(chunked)));

        fixture.put(bucket, "first");
        assertEquals(
                List.of(
                        new Owner(
                                only(small),
                                Role.NONCURRENT,
                                bucket,
                                "first",
                                first.position(),
                                0)),
                owners(only(small)));
    }

    @Test
    void tellsEachCopyThatSharesABlobAndWhatIsOnlyInHistory() {
        long bucket = fixture.bucket("b");
        Manifest manifest = fixture.manifest(1);
        ObjectVersion source = fixture.put(bucket, "source", manifest);
        fixture.copy(source, bucket, "copy");
        fixture.delete(bucket, "source");
        Set<String> told = new HashSet<>();
        owners(only(manifest)).forEach(owner -> told.add(owner.role() + " " + owner.key()));
        assertEquals(Set.of("CURRENT copy", "HISTORY source"), told);
    }

    @Test
    void tellsTheUploadAPartIsOfAndThePartOfTheObjectItBecame() {
        long bucket = fixture.bucket("b");
        Manifest manifest = fixture.manifest(Content.INLINE_BLOB_COUNT_MAX + 1);
        long upload = fixture.startUpload(bucket, "k");
        fixture.putPart(bucket, "k", upload, 7, NamespaceFixture.ETAG_A, manifest);
        assertEquals(
                List.of(new Owner(only(manifest), Role.UPLOAD, bucket, "k", upload, 7)),
                owners(only(manifest)));
        ObjectVersion made =
                NamespaceFixture.assertPut(
                        fixture.complete(
                                bucket,
                                "k",
                                upload,
                                NamespaceFixture.part(7, NamespaceFixture.ETAG_A)));
        assertEquals(
                List.of(new Owner(only(manifest), Role.CURRENT, bucket, "k", made.position(), 7)),
                owners(only(manifest)));
    }

    @Test
    void showsTheStateOfItsBeginningWhateverComesMeanwhile() {
        long bucket = fixture.bucket("b");
        Manifest manifest = fixture.manifest(1);
        fixture.put(bucket, "k", manifest);
        List<BlobRef> needed = new ArrayList<>();
        List<BlobRef> released = new ArrayList<>();
        try (BlobReferences walk = fixture.view.references()) {
            long began = walk.position();
            fixture.delete(bucket, "k");
            fixture.put(bucket, "later");
            walk.advance(
                    100,
                    new BlobReferences.Visitor() {
                        @Override
                        public void needed(BlobRef blob) {
                            needed.add(blob);
                        }

                        @Override
                        public void released(BlobRef blob) {
                            released.add(blob);
                        }
                    });
            assertEquals(began, walk.position());
        }
        assertEquals(manifest.blobs(), needed);
        assertEquals(List.of(), released);
    }
}
