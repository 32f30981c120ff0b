package io.varve.projections.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.VersionRef;
import io.varve.journal.record.Versioning;
import io.varve.journal.record.WindowChange;
import io.varve.projections.MemoryViewStore;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewStore;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A namespace to which a test applies one record after the other, each visible at once. */
final class NamespaceFixture {
    static final String ETAG_A = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    static final String ETAG_B = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    final MemoryJournal journal = new MemoryJournal();
    final ViewStore store;
    final NamespaceView view;
    private final Namespace namespace;
    private final BucketCache cache;
    private long requests;
    private long blobs;

    NamespaceFixture() {
        this(new MemoryViewStore());
    }

    NamespaceFixture(ViewStore store) {
        this.store = store;
        namespace = new Namespace(new ViewBatch(store));
        cache = new BucketCache(store);
        view = new StoredView(store, cache, journal::endPosition);
    }

    Outcome apply(Change change) {
        return apply(new Draft(new RequestId(5, ++requests), "alice", change));
    }

    Outcome apply(Draft draft) {
        JournalRecord record = journal.add(draft);
        Outcome outcome = namespace.apply(record);
        Namespace.Commit commit = namespace.commit(record);
        cache.publish(commit);
        return outcome;
    }

    static void assertRefused(Refusal reason, Outcome outcome) {
        assertEquals(new Outcome.Refused(reason), outcome);
    }

    long bucket(String name) {
        Outcome outcome = apply(new BucketChange.CreateBucket(name, "alice"));
        return assertInstanceOf(Outcome.BucketCreated.class, outcome).bucketId();
    }

    long bucket(String name, Versioning versioning) {
        long id = bucket(name);
        versioning(id, versioning);
        return id;
    }

    void versioning(long bucketId, Versioning versioning) {
        assertEquals(
                new Outcome.Applied(), apply(new BucketChange.SetVersioning(bucketId, versioning)));
    }

    /** A manifest of so many blobs that no other has. */
    Manifest manifest(int blobCount) {
        List<BlobRef> refs = new ArrayList<>();
        for (int i = 0; i < blobCount; i++) {
            refs.add(new BlobRef(9, ++blobs, 10, 1));
        }
        return new Manifest(0, refs);
    }

    static ObjectChange.PutObject putOf(
            long bucketId, String key, String etag, Manifest manifest, Precondition condition) {
        return new ObjectChange.PutObject(
                bucketId, key, etag, manifest, Attributes.NONE, List.of(), condition);
    }

    ObjectVersion put(long bucketId, String key) {
        return put(bucketId, key, manifest(1));
    }

    ObjectVersion put(long bucketId, String key, Manifest manifest) {
        return assertPut(apply(putOf(bucketId, key, ETAG_A, manifest, Precondition.NONE)));
    }

    static ObjectVersion assertPut(Outcome outcome) {
        return assertInstanceOf(Outcome.ObjectPut.class, outcome).version();
    }

    Outcome copy(ObjectVersion source, long bucketId, String key) {
        VersionRef ref = new VersionRef(source.bucketId(), source.key(), source.position());
        return apply(new ObjectChange.CopyObject(bucketId, key, ref, null, Precondition.NONE));
    }

    Outcome.ObjectDeleted delete(long bucketId, String key) {
        return delete(bucketId, key, null);
    }

    Outcome.ObjectDeleted delete(long bucketId, String key, @Nullable VersionId version) {
        Outcome outcome =
                apply(new ObjectChange.DeleteObject(bucketId, key, version, Precondition.NONE));
        return assertInstanceOf(Outcome.ObjectDeleted.class, outcome);
    }

    long startUpload(long bucketId, String key) {
        Outcome outcome =
                apply(new UploadChange.StartUpload(bucketId, key, Attributes.NONE, null, null));
        return assertInstanceOf(Outcome.UploadStarted.class, outcome).uploadId();
    }

    Outcome putPart(
            long bucketId, String key, long upload, int number, String etag, Manifest manifest) {
        return apply(
                new UploadChange.PutPart(bucketId, key, upload, number, etag, manifest, List.of()));
    }

    Outcome complete(long bucketId, String key, long upload, UploadChange.PartRef... parts) {
        return complete(bucketId, key, upload, 0, parts);
    }

    Outcome complete(
            long bucketId,
            String key,
            long upload,
            long minPartSizeBytes,
            UploadChange.PartRef... parts) {
        return apply(
                new UploadChange.CompleteUpload(
                        bucketId,
                        key,
                        upload,
                        List.of(parts),
                        ETAG_B + "-" + parts.length,
                        List.of(),
                        minPartSizeBytes,
                        Precondition.NONE));
    }

    static UploadChange.PartRef part(int number, String etag) {
        return new UploadChange.PartRef(number, etag);
    }

    /** Closes the window over everything that has ended. */
    Outcome.WindowClosed closeWindow(int limit) {
        Outcome outcome = apply(new WindowChange.CloseWindow(Long.MAX_VALUE, limit));
        return assertInstanceOf(Outcome.WindowClosed.class, outcome);
    }

    List<Manifest> released() {
        return view.released(journal.endPosition(), 1000).stream()
                .map(NamespaceView.ReleasedBlobs::manifest)
                .toList();
    }

    /** The ids that S3 would show, newest first within a key; {@code *} marks the latest. */
    List<String> versions(long bucketId) {
        var query = new VersionListQuery(bucketId, "", "", null, null, 1000);
        return view.listVersions(query).versions().stream()
                .map(NamespaceFixture::describe)
                .toList();
    }

    private static String describe(VersionListPage.ListedVersion listed) {
        ObjectVersion version = listed.version();
        return version.key()
                + ":"
                + (version.nullVersion() ? "null" : version.position())
                + (version.deleteMarker() ? "-" : "")
                + (listed.latest() ? "*" : "");
    }

    List<String> keys(long bucketId) {
        return list(bucketId, "", "", null, 1000).objects().stream()
                .map(ObjectVersion::key)
                .toList();
    }

    ListPage list(
            long bucketId, String prefix, String delimiter, @Nullable String after, int limit) {
        return view.list(new ListQuery(bucketId, prefix, delimiter, after, limit));
    }

    /** All lines of a listing, page by page. */
    List<String> lines(long bucketId, String prefix, String delimiter, int limit) {
        List<String> lines = new ArrayList<>();
        String after = null;
        do {
            ListPage page = list(bucketId, prefix, delimiter, after, limit);
            Stream.concat(
                            page.objects().stream().map(ObjectVersion::key),
                            page.commonPrefixes().stream())
                    .sorted(NamespaceModel.BY_BYTES)
                    .forEach(lines::add);
            after = page.next();
        } while (after != null);
        return lines;
    }
}
