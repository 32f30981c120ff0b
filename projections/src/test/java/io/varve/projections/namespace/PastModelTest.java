package io.varve.projections.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.util.Objects.requireNonNull;

import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.WindowChange;
import io.varve.projections.Checkpoint;
import io.varve.projections.KeyOrder;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Random records, and after each a full copy of the model: whatever is asked of a moment must be
 * what the copy of that moment says, or that the window has closed over it.
 */
class PastModelTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void readsEachMomentAsItWas(long seed) {
        new Run(seed, new MemoryViewStore()).go(900);
    }

    @Test
    void readsEachMomentAsItWasFromRocksDb(@TempDir Path directory) {
        try (ViewStore store = RocksViewStore.open(directory, RocksConfig.DEFAULT)) {
            new Run(21, store).go(900);
        }
    }

    @Test
    @Tag("slow")
    void readsEachMomentAsItWasForLong() {
        int percent = Integer.getInteger("varve.slow.percent", 100);
        long seed = Long.getLong("varve.seed", 1000);
        for (int i = 0; i < Math.max(1, 20 * percent / 100); i++) {
            new Run(seed + i, new MemoryViewStore()).go(4000);
        }
    }

    private static final class Run {
        private final long seed;
        private final SplittableRandom random;
        private final NamespaceModel model = new NamespaceModel();
        private final RandomChanges changes;
        private final MemoryJournal journal = new MemoryJournal();
        private final ViewStore store;
        private final Namespace namespace;
        private final StoredView view;

        /** By position: what there was just after the record. */
        private final List<NamespaceModel> copies = new ArrayList<>();

        /** By bucket and name: the position of the moment. */
        private final Map<Long, Map<String, Long>> snapshots = new TreeMap<>();

        private final Set<Long> everHeld = new TreeSet<>();
        private final Set<Long> refusedForSnapshot = new TreeSet<>();

        private long closedPosition;

        Run(long seed, ViewStore store) {
            this.seed = seed;
            this.store = store;
            random = new SplittableRandom(seed);
            changes = new RandomChanges(random.split(), model);
            namespace = new Namespace(new ViewBatch(store));
            view = new StoredView(store, new BucketCache(store), journal::endPosition);
            copies.add(new NamespaceModel());
        }

        private static long microsOf(long position) {
            return 1_700_000_000_000_000L + 1000 * position;
        }

        private static long positionOf(long micros) {
            return (micros - microsOf(0)) / 1000;
        }

        void go(int recordCount) {
            while (journal.endPosition() < recordCount) {
                int batchSize = 1 + random.nextInt(5);
                for (int i = 0; i < batchSize; i++) {
                    apply();
                }
                namespace.commit(journal.at(journal.endPosition()));
                for (int i = 0; i < 4; i++) {
                    compare(view, randomPosition());
                }
                if (random.nextInt(6) == 0) {
                    compareSnapshots(view);
                }
                if (random.nextInt(4) == 0) {
                    compareDiff(view, randomPosition(), randomPosition());
                }
            }
            for (long position = closedPosition; position <= recordCount; position += 7) {
                compare(view, position);
            }
            compareRebuilt();
            compareWithoutSnapshots();
        }

        private void apply() {
            if (random.nextInt(12) == 0 && !model.buckets.isEmpty()) {
                applyToSnapshots();
                return;
            }
            long end = journal.endPosition();
            Draft draft = changes.next(microsOf(end + 1), end);
            while (copiesWhatASnapshotMayHold(draft.change())) {
                draft = changes.next(microsOf(end + 1), end);
            }
            JournalRecord record = journal.add(draft);
            List<NamespaceModel.Ended> before = List.copyOf(model.history);
            boolean refused = isHeldBySnapshot(record.change());
            if (refused) {
                refusedForSnapshot.add(record.position());
            }
            // The model knows no snapshots, but it must know of the request.
            Outcome modelled = model.apply(withoutSnapshot(record));
            Outcome expected =
                    refused && modelled instanceof Outcome.Applied
                            ? new Outcome.Refused(Refusal.BUCKET_HAS_SNAPSHOTS)
                            : modelled;
            Outcome actual = namespace.apply(record);
            if (!(record.change() instanceof WindowChange.CloseWindow)) {
                // The model forgets what snapshots hold: it counts otherwise.
                assertEquals(expected, actual, where(end + 1));
            }
            for (NamespaceModel.Ended ended : before) {
                boolean history = ended.version() != null || ended.bucket() != null;
                if (history && !model.history.contains(ended)) {
                    closedPosition = Math.max(closedPosition, positionOf(ended.micros()));
                }
            }
            addCopy();
        }

        /**
         * A copy of a version of the past is of what is left of it, and by a snapshot more is left
         * than the model knows.
         */
        private boolean copiesWhatASnapshotMayHold(Change change) {
            if (!(change instanceof ObjectChange.CopyObject copy)
                    || !everHeld.contains(copy.source().bucketId())) {
                return false;
            }
            var source = copy.source();
            ModelBucket bucket = model.buckets.get(source.bucketId());
            return bucket == null
                    || bucket.keys.getOrDefault(source.key(), List.of()).stream()
                            .noneMatch(v -> v.shown.position() == source.position());
        }

        /** Not when it is refused for another reason anyway. */
        private boolean isHeldBySnapshot(Change change) {
            if (!(change instanceof BucketChange.DeleteBucket delete)) {
                return false;
            }
            ModelBucket bucket = model.buckets.get(delete.bucketId());
            return bucket != null && bucket.keys.isEmpty() && !held(bucket.id).isEmpty();
        }

        private Map<String, Long> held(long bucketId) {
            return snapshots.computeIfAbsent(bucketId, id -> new TreeMap<>());
        }

        private void applyToSnapshots() {
            List<Long> ids = List.copyOf(model.buckets.keySet());
            long bucketId = ids.get(random.nextInt(ids.size()));
            String name = List.of("a", "b", "c").get(random.nextInt(3));
            boolean known = held(bucketId).containsKey(name);
            boolean create = random.nextInt(3) > 0;
            BucketChange change =
                    create
                            ? new BucketChange.CreateSnapshot(bucketId, name)
                            : new BucketChange.RemoveSnapshot(bucketId, name);
            long end = journal.endPosition();
            RequestId id = new RequestId(random.nextLong(), random.nextLong());
            JournalRecord record = journal.add(new Draft(id, "", change));
            Outcome expected =
                    known == create
                            ? new Outcome.Refused(
                                    create ? Refusal.SNAPSHOT_EXISTS : Refusal.NO_SUCH_SNAPSHOT)
                            : new Outcome.Applied();
            assertEquals(expected, namespace.apply(record), where(end + 1));
            if (create && !known) {
                held(bucketId).put(name, record.position());
                everHeld.add(bucketId);
            } else if (!create) {
                held(bucketId).remove(name);
            }
            addCopy();
        }

        private void addCopy() {
            NamespaceModel copy = new NamespaceModel();
            model.buckets.forEach((id, bucket) -> copy.buckets.put(id, copyOf(bucket)));
            copies.add(copy);
        }

        private static ModelBucket copyOf(ModelBucket bucket) {
            ModelBucket copy =
                    new ModelBucket(bucket.id, bucket.name, bucket.owner, bucket.createdMicros);
            copy.versioning = bucket.versioning;
            bucket.keys.forEach(
                    (key, versions) -> {
                        List<NamespaceModel.ModelVersion> copied = new ArrayList<>();
                        for (var version : versions) {
                            var same =
                                    new NamespaceModel.ModelVersion(
                                            version.shown, List.of(), version.parts);
                            copied.add(same);
                            if (version == bucket.current(key)) {
                                copy.currents.put(key, same);
                            }
                        }
                        copy.keys.put(key, copied);
                    });
            return copy;
        }

        private String where(long position) {
            return "seed=" + seed + ", end=" + journal.endPosition() + ", position=" + position;
        }

        /** Mostly in the window, often near its edges. */
        private long randomPosition() {
            long end = journal.endPosition();
            return switch (random.nextInt(8)) {
                case 0 -> random.nextLong(end + 1);
                case 1 -> end - random.nextLong(Math.min(end, 5) + 1);
                case 2 -> Math.min(end, closedPosition + random.nextLong(4));
                case 3 -> Math.max(0, closedPosition - random.nextLong(20));
                default -> closedPosition + random.nextLong(end - closedPosition + 1);
            };
        }

        private void compare(NamespaceView of, long position) {
            Moment moment =
                    random.nextBoolean()
                            ? of.momentAt(microsOf(position) + random.nextInt(1000))
                            : new Moment(position, microsOf(position));
            if (position >= closedPosition) {
                assertEquals(position, moment.position(), where(position));
            }
            NamespaceView past = of.at(moment);
            if (position < closedPosition) {
                MomentException refused =
                        assertThrows(
                                MomentException.class, () -> past.bucket("alpha"), where(position));
                assertEquals(MomentException.Reason.FORGOTTEN, refused.reason());
                assertEquals(closedPosition, refused.bound().position(), where(position));
                return;
            }
            NamespaceModel copy = copies.get((int) position);
            compareBuckets(where(position), copy, past);
            for (ModelBucket bucket : copy.buckets.values()) {
                for (int i = 0; i < 3; i++) {
                    compareKey(where(position), bucket, past, moment, key(bucket));
                }
                compareList(where(position), copy, bucket, past, moment);
            }
        }

        /** However far the window has closed. */
        private void compareSnapshots(NamespaceView of) {
            snapshots.forEach(
                    (bucketId, named) -> {
                        assertEquals(
                                named,
                                of.snapshots(bucketId).stream()
                                        .collect(
                                                Collectors.toMap(
                                                        Snapshot::name,
                                                        s -> s.moment().position())),
                                where(0));
                        for (String name : named.keySet()) {
                            compareSnapshot(of, of.snapshot(bucketId, name).orElseThrow());
                        }
                    });
        }

        private void compareSnapshot(NamespaceView of, Snapshot snapshot) {
            long position = snapshot.moment().position();
            NamespaceView past = of.at(snapshot);
            NamespaceModel copy = copies.get((int) position);
            ModelBucket bucket = requireNonNull(copy.buckets.get(snapshot.bucketId()));
            for (int i = 0; i < 3; i++) {
                compareKey(where(position), bucket, past, snapshot.moment(), key(bucket));
            }
            compareList(where(position), copy, bucket, past, snapshot.moment());
        }

        private String key(ModelBucket bucket) {
            List<String> keys = new ArrayList<>(bucket.keys.keySet());
            ModelBucket now = model.buckets.get(bucket.id);
            if (now != null) {
                keys.addAll(now.keys.keySet());
            }
            return keys.isEmpty() || random.nextInt(9) == 0
                    ? changes.key()
                    : keys.get(random.nextInt(keys.size()));
        }

        private static void compareBuckets(String where, NamespaceModel copy, NamespaceView past) {
            for (String name : List.of("alpha", "beta", "gamma", "delta")) {
                ModelBucket expected = copy.named(name);
                Bucket actual = past.bucket(name).orElse(null);
                assertEquals(expected == null, actual == null, where + ", bucket=" + name);
                if (expected != null && actual != null) {
                    assertEquals(expected.id, actual.id(), where);
                    assertEquals(expected.owner, actual.owner(), where);
                    assertEquals(actual, past.bucket(expected.id).orElse(null), where);
                }
            }
            List<String> named =
                    copy.buckets.values().stream()
                            .filter(b -> b.owner.equals("bob") && b.name.compareTo("beta") > 0)
                            .map(b -> b.name)
                            .sorted()
                            .toList();
            List<String> listed =
                    past.buckets("bob", "", "beta", 9).stream().map(Bucket::name).toList();
            assertEquals(named, listed, where);
        }

        private void compareKey(
                String where, ModelBucket bucket, NamespaceView past, Moment moment, String key) {
            var current = bucket.current(key);
            assertEquals(
                    current == null ? null : live(current.shown, moment),
                    past.latest(bucket.id, key).orElse(null),
                    where + ", key=" + key);
            ObjectVersion nullVersion = null;
            for (var version : bucket.versions(key)) {
                ObjectVersion shown = version.shown;
                if (shown.nullVersion()) {
                    nullVersion = live(shown, moment);
                } else {
                    assertEquals(
                            shown,
                            past.version(bucket.id, key, shown.versionId()).orElse(null),
                            where + ", key=" + key);
                }
                assertEquals(version.parts, past.parts(shown), where + ", key=" + key);
                assertEquals(
                        shown.sizeBytes(),
                        past.manifest(shown).orElseThrow().sizeBytes(),
                        where + ", key=" + key);
            }
            assertEquals(
                    nullVersion,
                    past.version(bucket.id, key, VersionId.NULL).orElse(null),
                    where + ", key=" + key);
            long other = 1 + random.nextLong(journal.endPosition());
            var made =
                    bucket.versions(key).stream()
                            .filter(v -> v.shown.versionId().position() == other)
                            .findAny();
            assertEquals(
                    made.map(v -> v.shown).orElse(null),
                    past.version(bucket.id, key, new VersionId(other)).orElse(null),
                    where + ", key=" + key);
        }

        private static @Nullable ObjectVersion live(ObjectVersion version, Moment moment) {
            return version.expiredAt(moment.micros() / 1_000_000) ? null : version;
        }

        private void compareList(
                String where,
                NamespaceModel copy,
                ModelBucket bucket,
                NamespaceView past,
                Moment moment) {
            String prefix = random.nextInt(3) == 0 ? changes.key() : "";
            String delimiter = List.of("", "/", "/", "//", "\u20ac", "b/").get(random.nextInt(6));
            int limit = random.nextInt(8);
            String after = random.nextInt(3) == 0 ? key(bucket) : null;
            ListQuery query = new ListQuery(bucket.id, prefix, delimiter, after, limit);
            compareBack(where, bucket.id, prefix, delimiter, past);
            while (true) {
                ListQuery expired =
                        new ListQuery(
                                query.bucketId(),
                                prefix,
                                delimiter,
                                query.after(),
                                limit,
                                moment.micros() / 1_000_000);
                ListPage page = past.list(query);
                assertEquals(ModelLists.list(copy, expired), page, where + ", " + query);
                String next = page.next();
                if (next == null) {
                    return;
                }
                query = new ListQuery(bucket.id, prefix, delimiter, next, limit);
            }
        }

        /** Against every key of both copies; pages of all sizes. */
        private void compareDiff(NamespaceView of, long from, long to) {
            if (Math.min(from, to) < closedPosition) {
                return;
            }
            Moment first = new Moment(from, microsOf(from));
            Moment second = new Moment(to, microsOf(to));
            NamespaceView past = of.at(second);
            for (long id : copies.get((int) to).buckets.keySet()) {
                List<String> expected = new ArrayList<>();
                TreeSet<String> keys = new TreeSet<>(NamespaceModel.BY_BYTES);
                List.of(from, to)
                        .forEach(
                                at -> {
                                    var bucket = copies.get(at.intValue()).buckets.get(id);
                                    keys.addAll(bucket == null ? Set.of() : bucket.keys.keySet());
                                });
                for (String key : keys) {
                    ObjectVersion before = of.at(first).latest(id, key).orElse(null);
                    ObjectVersion after = past.latest(id, key).orElse(null);
                    if (!isSame(before, after) && !says(past, before).equals(says(past, after))) {
                        expected.add(key + "|" + before + "|" + after);
                    }
                }
                assertEquals(expected, differences(past, id, first, second), where(to));
            }
        }

        /** Its bytes may have gone to other blobs meanwhile. */
        private static boolean isSame(
                @Nullable ObjectVersion before, @Nullable ObjectVersion after) {
            return before != null
                    && after != null
                    && before.position() == after.position()
                    && before.attributes().equals(after.attributes());
        }

        private static String says(NamespaceView view, @Nullable ObjectVersion version) {
            return version == null
                    ? "nothing"
                    : version.etag()
                            + version.attributes()
                            + view.manifest(version).orElseThrow().blobs();
        }

        private List<String> differences(NamespaceView view, long id, Moment from, Moment to) {
            List<String> found = new ArrayList<>();
            String after = null;
            do {
                int limit = 1 + random.nextInt(6);
                int scan = 1 + random.nextInt(20);
                DiffPage page = view.diff(new DiffQuery(id, "", from, to, after, limit, scan));
                page.differences()
                        .forEach(d -> found.add(d.key() + "|" + d.before() + "|" + d.after()));
                after = page.next();
            } while (after != null);
            return found;
        }

        private static void compareBack(
                String where, long bucketId, String prefix, String delimiter, NamespaceView past) {
            var all = past.list(new ListQuery(bucketId, prefix, delimiter, null, 9999));
            ListQuery query = new ListQuery(bucketId, prefix, delimiter, null, 3);
            List<ObjectVersion> objects = new ArrayList<>();
            List<String> prefixes = new ArrayList<>();
            for (ListPage page = past.listBack(query); ; page = past.listBack(query)) {
                objects.addAll(page.objects());
                prefixes.addAll(page.commonPrefixes());
                if (page.next() == null) {
                    break;
                }
                query = new ListQuery(bucketId, prefix, delimiter, page.next(), 3);
            }
            assertEquals(all.objects(), objects.reversed(), where);
            assertEquals(all.commonPrefixes(), prefixes.reversed(), where);
        }

        /** The same records in other batches give the same rows and the same past. */
        private void compareRebuilt() {
            try (MemoryViewStore other = new MemoryViewStore()) {
                ViewBatch batch = new ViewBatch(other);
                Namespace again = new Namespace(batch);
                List<JournalRecord> all = journal.all();
                for (int i = 0; i < all.size(); i++) {
                    again.apply(all.get(i));
                    if (i % 97 == 0 || i == all.size() - 1) {
                        again.commit(all.get(i));
                    }
                }
                assertNotNull(batch.checkpoint());
                assertEquals(digest(store), digest(other), where(0));
                var rebuilt = new StoredView(other, new BucketCache(other), journal::endPosition);
                for (int i = 0; i < 50; i++) {
                    compare(rebuilt, randomPosition());
                }
            }
        }

        /**
         * When all snapshots are gone and the window has closed, what is left is what is left of
         * the same journal without snapshots.
         */
        private void compareWithoutSnapshots() {
            try (MemoryViewStore other = new MemoryViewStore()) {
                Namespace without = new Namespace(new ViewBatch(other));
                journal.all().forEach(record -> without.apply(withoutSnapshot(record)));
                snapshots.forEach(
                        (bucketId, named) ->
                                List.copyOf(named.keySet())
                                        .forEach(
                                                name ->
                                                        end(
                                                                new BucketChange.RemoveSnapshot(
                                                                        bucketId, name),
                                                                without)));
                boolean moreDue = true;
                while (moreDue) {
                    long now = microsOf(journal.endPosition() + 1);
                    moreDue = end(new WindowChange.CloseWindow(now, 20), without);
                }
                JournalRecord last = journal.at(journal.endPosition());
                namespace.commit(last);
                without.commit(last);
                // Not r: turns that outlived the window for a snapshot may need one another.
                for (char table : "abcfhmnopqsuvxzBNSHG".toCharArray()) {
                    assertEquals(rows(other, table), rows(store, table), where(0) + table);
                }
                assertEquals(List.of(), rows(store, 'H'), where(0));
            }
        }

        private JournalRecord withoutSnapshot(JournalRecord record) {
            boolean of =
                    record.change() instanceof BucketChange.CreateSnapshot
                            || record.change() instanceof BucketChange.RemoveSnapshot
                            || refusedForSnapshot.contains(record.position());
            return of
                    ? new JournalRecord(
                            record.partition(),
                            record.position(),
                            record.timeMicros(),
                            record.writerEpoch(),
                            record.requestId(),
                            record.principal(),
                            new WindowChange.ConfirmDropped(0))
                    : record;
        }

        /** Appends to both; whether the window has more to forget in any. */
        private boolean end(Change change, Namespace without) {
            RequestId id = new RequestId(random.nextLong(), random.nextLong());
            JournalRecord record = journal.add(new Draft(id, "", change));
            Outcome one = namespace.apply(record);
            Outcome other = without.apply(withoutSnapshot(record));
            return moreDue(one) || moreDue(other);
        }

        private static boolean moreDue(Outcome outcome) {
            return outcome instanceof Outcome.WindowClosed closed && closed.moreDue();
        }

        private static List<String> rows(ViewStore of, char table) {
            byte[] prefix = {(byte) table};
            List<String> rows = new ArrayList<>();
            try (ViewCursor cursor = of.scan(prefix, KeyOrder.afterPrefix(prefix))) {
                for (; cursor.valid(); cursor.next()) {
                    rows.add(
                            HexFormat.of().formatHex(cursor.key())
                                    + "="
                                    + HexFormat.of().formatHex(cursor.value()));
                }
            }
            return rows;
        }

        private static ViewDigest digest(ViewStore of) {
            try (var rows = of.scan(Checkpoint.firstRow(), null)) {
                return ViewDigest.of(rows);
            }
        }
    }
}
