package io.varve.projections.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.VersionId;
import io.varve.projections.Checkpoint;
import io.varve.projections.MemoryViewStore;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewDigest;
import io.varve.projections.ViewStore;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Random records against the model: outcomes, every question, counters, blobs and digest. */
class NamespaceModelTest {
    private static final int REOPEN_EVERY = 4000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void agreesWithTheModelOnTheHeap(long seed) {
        new Run(seed, MemoryViewStore::new).go(8000);
    }

    @Test
    void agreesWithTheModelInRocksDbAcrossRestarts(@TempDir Path directory) {
        new Run(11, () -> RocksViewStore.open(directory, RocksConfig.DEFAULT)).go(16_000);
    }

    /**
     * Many journals rather than a very long one: the model is searched from end to end after each
     * batch, and what it holds grows with the journal, so that time goes with the length's square.
     */
    @Test
    @Tag("slow")
    void agreesWithTheModelForLong(@TempDir Path directory) {
        int percent = Integer.getInteger("varve.slow.percent", 100);
        long seed = System.nanoTime();
        new Run(seed, () -> RocksViewStore.open(directory, RocksConfig.DEFAULT))
                .go(30_000 * percent / 100);
        for (int i = 1; i <= 12; i++) {
            new Run(seed + i, MemoryViewStore::new).go(10_000 * percent / 100);
        }
    }

    /** One journal, one model, one view. */
    private static final class Run {
        private final long seed;
        private final SplittableRandom random;
        private final NamespaceModel model = new NamespaceModel();
        private final RandomChanges changes;
        private final MemoryJournal journal = new MemoryJournal();
        private final Supplier<ViewStore> stores;
        private ViewStore store;
        private Namespace namespace;
        private StoredView view;
        private final ContentCheck blobs = new ContentCheck();

        Run(long seed, Supplier<ViewStore> stores) {
            this.seed = seed;
            this.stores = stores;
            random = new SplittableRandom(seed);
            changes = new RandomChanges(random.split(), model);
            store = stores.get();
            namespace = new Namespace(new ViewBatch(store));
            view = new StoredView(store, new BucketCache(store), journal::endPosition);
        }

        private void reopen() {
            if (store instanceof MemoryViewStore) {
                return;
            }
            store.close();
            store = stores.get();
            ViewBatch batch = new ViewBatch(store);
            namespace = new Namespace(batch);
            JournalTail.recall(RecordSource.of(journal), batch.checkpoint(), namespace);
            newView();
        }

        private BucketCache newView() {
            BucketCache cache = new BucketCache(store);
            view = new StoredView(store, cache, journal::endPosition);
            return cache;
        }

        void go(int recordCount) {
            String where = "seed=" + seed;
            BucketCache cache = newView();
            while (journal.endPosition() < recordCount) {
                int batchSize = 1 + random.nextInt(random.nextInt(20) == 0 ? 200 : 6);
                JournalRecord last = null;
                List<JournalRecord> batch = new ArrayList<>();
                for (int i = 0; i < batchSize; i++) {
                    long end = journal.endPosition();
                    Draft draft = changes.next(now(), end);
                    last = journal.add(draft);
                    batch.add(last);
                    Outcome expected = model.apply(last);
                    Outcome actual = namespace.apply(last);
                    if (!expected.equals(actual)) {
                        assertEquals(expected, actual, where + ", " + last);
                    }
                }
                assertNotNull(last);
                Namespace.Commit commit = namespace.commit(last);
                cache.publish(commit);
                compareKeys(where + ", position=" + last.position());
                compareLists(where + ", position=" + last.position());
                if (last.position() % 311 == 0 || batchSize > 150) {
                    compareAll(where + ", position=" + last.position(), commit.checkpoint());
                }
                if (random.nextInt(REOPEN_EVERY / 4) == 0) {
                    reopen();
                    cache = newView();
                }
            }
            compareAll(where, Checkpoint.read(store));
            store.close();
        }

        private long now() {
            return 1_700_000_000_000_000L + 1000 * (journal.endPosition() + 1);
        }

        private void compareKeys(String where) {
            for (ModelBucket bucket : model.buckets.values()) {
                assertEquals(bucket.toBucket(), view.bucket(bucket.name).orElseThrow(), where);
                String key = changes.key();
                compareKey(where, bucket, key);
                if (!bucket.keys.isEmpty()) {
                    List<String> keys = new ArrayList<>(bucket.keys.keySet());
                    compareKey(where, bucket, keys.get(random.nextInt(keys.size())));
                }
            }
        }

        private void compareKey(String where, ModelBucket bucket, String key) {
            var newest = bucket.latest(key);
            assertEquals(
                    newest == null ? null : newest.shown,
                    view.latest(bucket.id, key).orElse(null),
                    where + ", key=" + key);
            var nullVersion =
                    bucket.versions(key).stream()
                            .filter(v -> v.shown.nullVersion())
                            .findAny()
                            .map(v -> v.shown)
                            .orElse(null);
            assertEquals(
                    nullVersion, view.version(bucket.id, key, VersionId.NULL).orElse(null), where);
            for (var version : bucket.versions(key)) {
                assertEquals(
                        version.shown,
                        view.version(bucket.id, key, version.shown.versionId()).orElse(null),
                        where);
                compareContent(where, version);
            }
        }

        private void compareContent(String where, NamespaceModel.ModelVersion version) {
            Manifest manifest = view.manifest(version.shown).orElseThrow();
            assertEquals(version.blobs(), manifest.blobs(), where);
            assertEquals(version.parts, view.parts(version.shown), where);
            for (int i = 0; i < version.parts.size(); i++) {
                int number = version.parts.get(i).partNumber();
                assertEquals(
                        version.bytes.get(i).manifest,
                        view.part(version.shown, number).orElseThrow(),
                        where);
            }
        }

        private void compareLists(String where) {
            if (!model.buckets.isEmpty()) {
                List<Long> ids = new ArrayList<>(model.buckets.keySet());
                long id = ids.get(random.nextInt(ids.size()));
                String prefix = random.nextInt(3) == 0 ? changes.key() : "";
                String delimiter =
                        List.of("", "/", "/", "//", "\u20ac", "b/").get(random.nextInt(6));
                int limit = random.nextInt(8);
                String after = marker(id);
                long at = random.nextBoolean() ? ListQuery.EXPIRED_TOO : now() / 1_000_000;
                ListQuery query = new ListQuery(id, prefix, delimiter, after, limit, at);
                ListPage page = view.list(query);
                assertEquals(ModelLists.list(model, query), page, where + ", " + query);
                if (page.next() != null) {
                    ListQuery next = new ListQuery(id, prefix, delimiter, page.next(), limit, at);
                    assertEquals(
                            ModelLists.list(model, next), view.list(next), where + ", " + next);
                }
                compareVersionLists(where, id, prefix, delimiter, after, limit);
                compareUploadLists(where, id, prefix, delimiter, after, limit);
            }
        }

        private @Nullable String marker(long bucketId) {
            var bucket = model.buckets.get(bucketId);
            if (bucket == null || bucket.keys.isEmpty() || random.nextInt(3) == 0) {
                return random.nextBoolean() ? null : changes.key();
            }
            List<String> keys = new ArrayList<>(bucket.keys.keySet());
            return keys.get(random.nextInt(keys.size()));
        }

        private void compareVersionLists(
                String where,
                long id,
                String prefix,
                String delimiter,
                @Nullable String after,
                int limit) {
            VersionId marker = null;
            if (after != null && random.nextBoolean()) {
                marker =
                        random.nextInt(3) == 0
                                ? VersionId.NULL
                                : new VersionId(random.nextLong(journal.endPosition() + 1));
            }
            var query = new VersionListQuery(id, prefix, delimiter, after, marker, limit);
            VersionListPage page = view.listVersions(query);
            assertEquals(ModelLists.listVersions(model, query), page, where + ", " + query);
            if (page.nextKey() != null) {
                var next =
                        new VersionListQuery(
                                id, prefix, delimiter, page.nextKey(), page.nextVersion(), limit);
                assertEquals(
                        ModelLists.listVersions(model, next),
                        view.listVersions(next),
                        where + ", " + next);
            }
        }

        private void compareUploadLists(
                String where,
                long id,
                String prefix,
                String delimiter,
                @Nullable String after,
                int limit) {
            long marker = random.nextBoolean() ? 0 : random.nextLong(journal.endPosition() + 1);
            var query = new UploadListQuery(id, prefix, delimiter, after, marker, limit);
            UploadListPage page = view.uploads(query);
            assertEquals(ModelLists.uploads(model, query), page, where + ", " + query);
            if (page.nextKey() != null) {
                var next =
                        new UploadListQuery(
                                id, prefix, delimiter, page.nextKey(), page.nextUpload(), limit);
                assertEquals(
                        ModelLists.uploads(model, next), view.uploads(next), where + ", " + next);
            }
        }

        private void compareAll(String where, Checkpoint checkpoint) {
            compareBuckets(where);
            compareSettings(where);
            for (var bucket : model.buckets.values()) {
                bucket.keys.keySet().forEach(key -> compareKey(where, bucket, key));
                bucket.uploads.values().forEach(upload -> compareUpload(where, upload));
            }
            model.completed.forEach(
                    (id, done) ->
                            assertEquals(
                                    model.madeBy(done),
                                    view.completed(done.bucketId(), done.key(), id).orElse(null),
                                    where));
            long oldest =
                    model.history.stream().mapToLong(NamespaceModel.Ended::micros).min().orElse(0);
            assertEquals(oldest, view.oldestHistoryMicros().orElse(0), where);
            assertEquals(model.liveBlobs(), blobs.live(store), where);
            compareReferences(where);
            assertEquals(
                    released(model.released),
                    released(view.released(Long.MAX_VALUE, Integer.MAX_VALUE)),
                    where);
            try (ViewCursor rows = store.scan(Checkpoint.firstRow(), null)) {
                assertEquals(ViewDigest.of(rows), checkpoint.digest(), where);
            }
        }

        private void compareReferences(String where) {
            Set<BlobRef> needed = new HashSet<>();
            Set<BlobRef> released = new HashSet<>();
            try (BlobReferences walk = view.references()) {
                assertEquals(journal.endPosition(), walk.position(), where);
                boolean more = true;
                while (more) {
                    more = walk.advance(1 + random.nextInt(50), visitor(needed, released));
                }
                List<BlobReferences.Owner> owners = walk.owners(blob -> true, Integer.MAX_VALUE);
                Set<BlobRef> owned = new HashSet<>();
                owners.forEach(owner -> owned.add(owner.blob()));
                // Parts of a bucket that was removed with open uploads have no owner for a while.
                assertTrue(needed.containsAll(owned), where);
            }
            assertEquals(model.liveBlobs(), needed, where);
            Set<BlobRef> expected = new HashSet<>();
            model.released.forEach(each -> expected.addAll(each.manifest().blobs()));
            assertEquals(expected, released, where);
        }

        private static BlobReferences.Visitor visitor(Set<BlobRef> needed, Set<BlobRef> released) {
            return new BlobReferences.Visitor() {
                @Override
                public void needed(BlobRef blob) {
                    needed.add(blob);
                }

                @Override
                public void released(BlobRef blob) {
                    released.add(blob);
                }
            };
        }

        /** By position; what one record released is in no particular order. */
        private static List<NamespaceView.ReleasedBlobs> released(
                List<NamespaceView.ReleasedBlobs> all) {
            return all.stream()
                    .sorted(
                            Comparator.comparingLong(NamespaceView.ReleasedBlobs::position)
                                    .thenComparing(r -> r.manifest().blobs().getFirst().idLow()))
                    .toList();
        }

        private void compareBuckets(String where) {
            for (String owner : new String[] {null, "alice", "bob", "nobody"}) {
                List<Bucket> all =
                        model.buckets.values().stream()
                                .map(ModelBucket::toBucket)
                                .filter(b -> owner == null || b.owner().equals(owner))
                                .sorted(Comparator.comparing(Bucket::name))
                                .toList();
                assertEquals(all, view.buckets(owner, "", null, 100), where);
                assertEquals(
                        all.stream().filter(b -> b.name().compareTo("beta") > 0).limit(1).toList(),
                        view.buckets(owner, "", "beta", 1),
                        where);
                assertEquals(
                        all.stream().filter(b -> b.name().startsWith("al")).toList(),
                        view.buckets(owner, "al", null, 100),
                        where);
            }
        }

        private void compareSettings(String where) {
            for (String owner : List.of("alice", "bob", "nobody")) {
                assertEquals(ModelSettings.account(model, owner), view.account(owner), where);
            }
            long nowSeconds = now() / 1_000_000;
            for (long through : new long[] {nowSeconds - 1, nowSeconds, Long.MAX_VALUE - 1}) {
                assertEquals(
                        ModelSettings.expired(model, through), view.expired(through, 9999), where);
            }
            assertEquals(
                    ModelSettings.expired(model, nowSeconds).stream().limit(2).toList(),
                    view.expired(nowSeconds, 2),
                    where);
        }

        private void compareUpload(String where, NamespaceModel.ModelUpload upload) {
            Upload shown = upload.shown;
            assertEquals(
                    shown,
                    view.upload(shown.bucketId(), shown.key(), shown.id()).orElse(null),
                    where);
            assertEquals(
                    List.copyOf(upload.parts.values()), view.uploadParts(shown, 0, 100), where);
            assertEquals(
                    upload.parts.values().stream()
                            .filter(p -> p.partNumber() > 3)
                            .limit(2)
                            .toList(),
                    view.uploadParts(shown, 3, 2),
                    where);
        }
    }

    /** Every blob that any row refers to, released ones not counted. */
    private static final class ContentCheck {
        Set<BlobRef> live(ViewStore store) {
            Set<BlobRef> live = new HashSet<>();
            ContentReader reader = new ContentReader(store);
            try (ViewCursor rows = store.scan(Checkpoint.firstRow(), null)) {
                for (; rows.valid(); rows.next()) {
                    Content content = content(rows);
                    if (content != null) {
                        Manifest manifest = reader.manifest(content);
                        assertNotNull(manifest, "content without rows: " + content);
                        live.addAll(manifest.blobs());
                    }
                }
            }
            return live;
        }

        private static @Nullable Content content(ViewCursor rows) {
            return switch (rows.key()[0]) {
                case NamespaceKeys.CURRENT, NamespaceKeys.NONCURRENT ->
                        VersionRow.decode(rows.value()).content();
                case NamespaceKeys.HISTORY -> HistoryRow.decode(rows.value()).row().content();
                case NamespaceKeys.PART -> PartRow.decode(1, rows.value()).content();
                default -> null;
            };
        }
    }
}
