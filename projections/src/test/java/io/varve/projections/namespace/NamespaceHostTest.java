package io.varve.projections.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.JournalException;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.projections.Checkpoint;
import io.varve.projections.MemoryViewStore;
import io.varve.projections.RowChange;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewException;
import io.varve.projections.ViewSnapshot;
import io.varve.projections.ViewStore;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

class NamespaceHostTest {
    private static final String ETAG = "0123456789abcdef0123456789abcdef";

    private final MemoryJournal journal = new MemoryJournal();
    private final List<ViewEvent> events = new ArrayList<>();
    private long requests;

    private Draft draft(Change change) {
        return new Draft(new RequestId(7, ++requests), "alice", change);
    }

    private static ObjectChange.PutObject put(long bucketId, String key, int size) {
        Manifest manifest = new Manifest(0, List.of(new BlobRef(1, size, size, 3)));
        return new ObjectChange.PutObject(
                bucketId, key, ETAG, manifest, Attributes.NONE, List.of(), Precondition.NONE);
    }

    private static Outcome outcome(CompletableFuture<Outcome> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private NamespaceHost open(ViewStore store) {
        return NamespaceHost.open(journal, store, NamespaceConfig.DEFAULT, events::add);
    }

    private NamespaceHost open(Path directory) {
        return NamespaceHost.open(
                journal,
                new ViewDirectory(directory),
                RocksConfig.DEFAULT,
                NamespaceConfig.DEFAULT,
                events::add);
    }

    @Test
    void showsAnObjectAsSoonAsItsOutcomeIsTold() throws Exception {
        try (NamespaceHost host = open(new MemoryViewStore())) {
            outcome(host.submit(draft(new BucketChange.CreateBucket("photos", "alice"))));
            Bucket bucket = host.view().bucket("photos").orElseThrow();
            for (int i = 0; i < 200; i++) {
                String key = "key-" + i;
                Outcome outcome = outcome(host.submit(draft(put(bucket.id(), key, 5))));
                ObjectVersion version =
                        assertInstanceOf(Outcome.ObjectPut.class, outcome).version();
                assertEquals(version, host.view().latest(bucket.id(), key).orElseThrow());
                assertEquals(i + 1, host.view().bucket("photos").orElseThrow().objectCount());
            }
            assertEquals(1000, host.view().bucket(bucket.id()).orElseThrow().sizeBytes());
        }
    }

    @Test
    void keepsTheViewAcrossARestart(@TempDir Path directory) throws Exception {
        long bucketId;
        try (NamespaceHost host = open(directory)) {
            outcome(host.submit(draft(new BucketChange.CreateBucket("photos", "alice"))));
            bucketId = host.view().bucket("photos").orElseThrow().id();
            outcome(host.submit(draft(put(bucketId, "a", 5))));
        }
        events.clear();
        journal.add(draft(put(bucketId, "b", 6)));
        try (NamespaceHost host = open(directory)) {
            assertEquals(new ViewEvent.Opened(2, 3), events.getFirst());
            ListPage page = host.view().list(new ListQuery(bucketId, "", "", null, 10));
            assertEquals(
                    List.of("a", "b"), page.objects().stream().map(ObjectVersion::key).toList());
        }
    }

    @Test
    void isReadBeforeTheLastRequestsAreRecalledAndStillKnowsThem(@TempDir Path directory)
            throws Exception {
        long bucketId;
        try (NamespaceHost host = open(directory)) {
            outcome(host.submit(draft(new BucketChange.CreateBucket("photos", "alice"))));
            bucketId = host.view().bucket("photos").orElseThrow().id();
        }
        Draft put = draft(put(bucketId, "a", 5));
        try (NamespaceHost host = open(directory)) {
            outcome(host.submit(put));
        }
        journal.holdReadersAt(1);
        try (NamespaceHost host = open(directory)) {
            assertTrue(host.view().latest(bucketId, "a").isPresent());
            CompletableFuture<Outcome> repeated = host.submit(put);
            assertFalse(repeated.isDone());
            journal.holdReadersAt(0);
            assertEquals(new Outcome.Refused(Refusal.REPEATED_REQUEST), outcome(repeated));
            assertEquals(1, host.view().bucket(bucketId).orElseThrow().objectCount());
        }
    }

    @Test
    void setsADamagedViewAsideAndMakesItAnew(@TempDir Path directory) throws Exception {
        try (NamespaceHost host = open(directory)) {
            outcome(host.submit(draft(new BucketChange.CreateBucket("photos", "alice"))));
        }
        try (Stream<Path> files = Files.list(directory.resolve("namespace"))) {
            for (Path file : files.filter(f -> f.toString().contains("MANIFEST")).toList()) {
                Files.write(file, new byte[100]);
            }
        }
        events.clear();
        try (NamespaceHost host = open(directory)) {
            assertInstanceOf(ViewEvent.SetAside.class, events.getFirst());
            assertTrue(host.view().bucket("photos").isPresent());
        }
    }

    @Test
    void setsAViewOfAnotherJournalAside(@TempDir Path directory) throws Exception {
        MemoryJournal other = new MemoryJournal(1_600_000_000_000_000L);
        other.add(draft(new BucketChange.CreateBucket("other", "bob")));
        journal.add(draft(new BucketChange.CreateBucket("photos", "alice")));
        try (NamespaceHost host =
                NamespaceHost.open(
                        other,
                        new ViewDirectory(directory),
                        RocksConfig.DEFAULT,
                        NamespaceConfig.DEFAULT,
                        events::add)) {
            assertTrue(host.view().bucket("other").isPresent());
        }
        try (NamespaceHost host = open(directory)) {
            assertTrue(host.view().bucket("photos").isPresent());
            assertTrue(host.view().bucket("other").isEmpty());
        }
    }

    @Test
    void refusesToOpenAViewThatAnotherProcessHolds(@TempDir Path directory) {
        NamespaceHost host = open(directory);
        try (host) {
            assertThrows(ViewException.class, () -> open(directory));
            assertTrue(
                    events.stream().noneMatch(e -> e instanceof ViewEvent.SetAside),
                    events.toString());
        }
    }

    @Test
    void failsAChangeThatTheJournalDoesNotTake() {
        try (NamespaceHost host = open(new MemoryViewStore())) {
            journal.failFromNowOn("no space");
            var future = host.submit(draft(new BucketChange.CreateBucket("photos", "alice")));
            ExecutionException fault =
                    assertThrows(ExecutionException.class, () -> future.get(10, TimeUnit.SECONDS));
            assertInstanceOf(JournalException.class, fault.getCause());
        }
    }

    @Test
    void joinsARequestThatIsUnderWay() throws Exception {
        Draft draft = draft(new BucketChange.CreateBucket("photos", "alice"));
        try (NamespaceHost host = open(new MemoryViewStore())) {
            synchronized (journal) {
                assertSame(host.submit(draft), host.submit(draft));
            }
            outcome(host.submit(draft(new BucketChange.CreateBucket("videos", "alice"))));
        }
        assertEquals(2, journal.endPosition());
    }

    @Test
    void failsWhatWaitsAndWhatComesLaterOnceApplyingHasFailed() throws Exception {
        BrokenStore store = new BrokenStore();
        try (NamespaceHost host = open(store)) {
            outcome(host.submit(draft(new BucketChange.CreateBucket("photos", "alice"))));
            store.broken = true;
            var waiting = host.submit(draft(put(1, "a", 5)));
            ExecutionException fault =
                    assertThrows(ExecutionException.class, () -> waiting.get(10, TimeUnit.SECONDS));
            assertInstanceOf(ViewException.class, fault.getCause());
            var later = host.submit(draft(put(1, "b", 5)));
            assertThrows(ExecutionException.class, () -> later.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void failsWhatWaitsWhenItIsClosed() throws Exception {
        NamespaceHost host = open(new MemoryViewStore());
        host.close();
        var later = host.submit(draft(put(1, "b", 5)));
        assertThrows(ExecutionException.class, () -> later.get(10, TimeUnit.SECONDS));
    }

    @Test
    void saysWhenTheViewIsClosedInsteadOfTouchingFreedMemory(@TempDir Path directory)
            throws IOException {
        NamespaceHost host = open(directory);
        host.close();
        assertThrows(ViewException.class, () -> host.view().latest(1, "a"));
        assertThrows(
                ViewException.class, () -> host.view().list(new ListQuery(1, "", "", null, 10)));
    }

    @Test
    void leavesLittleToReplayAfterACrash(@TempDir Path directory) throws Exception {
        Path copy = Files.createDirectories(directory.resolve("copy"));
        int recordCount = 3000;
        NamespaceConfig config = new NamespaceConfig(16, 100);
        try (NamespaceHost host =
                NamespaceHost.open(
                        journal,
                        new ViewDirectory(directory),
                        RocksConfig.DEFAULT,
                        config,
                        events::add)) {
            outcome(host.submit(draft(new BucketChange.CreateBucket("photos", "alice"))));
            CompletableFuture<Outcome> last = new CompletableFuture<>();
            for (int i = 1; i < recordCount; i++) {
                last = host.submit(draft(put(1, "key-" + i, 5)));
            }
            outcome(last);
            copyCrashed(directory.resolve("namespace"), copy);
        }
        try (RocksViewStore store = RocksViewStore.open(copy, RocksConfig.DEFAULT)) {
            long position = Checkpoint.read(store).position();
            assertTrue(position >= recordCount - 5 * 100, "position=" + position);
        }
    }

    /** Begins anew when a compaction takes a table away meanwhile: a crash is of one moment. */
    private static void copyCrashed(Path live, Path copy) throws IOException {
        for (int i = 0; i < 100; i++) {
            try {
                tryCopyCrashed(live, copy);
                return;
            } catch (NoSuchFileException e) {
                try (Stream<Path> files = Files.list(copy)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
        throw new AssertionError("the tables never stay");
    }

    /** What names the tables first, so that no table is missing that it names. */
    private static void tryCopyCrashed(Path live, Path copy) throws IOException {
        String manifest = Files.readString(live.resolve("CURRENT")).strip();
        List<String> names = new ArrayList<>(List.of("CURRENT", manifest));
        try (Stream<Path> files = Files.list(live)) {
            files.map(f -> f.getFileName().toString())
                    .filter(name -> name.endsWith(".sst"))
                    .forEach(names::add);
        }
        for (String name : names) {
            Files.copy(live.resolve(name), copy.resolve(name));
        }
    }

    @Test
    void closesUnderReadersWithoutHarm(@TempDir Path directory) throws Exception {
        NamespaceHost host = open(directory);
        outcome(host.submit(draft(new BucketChange.CreateBucket("photos", "alice"))));
        for (int i = 0; i < 100; i++) {
            outcome(host.submit(draft(put(1, "key-" + i, 5))));
        }
        CountDownLatch reading = new CountDownLatch(4);
        List<CompletableFuture<Long>> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            readers.add(
                    CompletableFuture.supplyAsync(
                            () -> readUntilClosed(host.view(), reading),
                            // No virtual threads: these never give their carrier back.
                            task -> Thread.ofPlatform().daemon().start(task)));
        }
        assertTrue(reading.await(20, TimeUnit.SECONDS));
        host.close();
        for (CompletableFuture<Long> reader : readers) {
            assertTrue(reader.get(20, TimeUnit.SECONDS) > 0);
        }
    }

    private static long readUntilClosed(NamespaceView view, CountDownLatch reading) {
        long count = 0;
        try {
            while (true) {
                assertEquals(100, view.list(new ListQuery(1, "", "", null, 1000)).objects().size());
                assertTrue(view.latest(1, "key-7").isPresent());
                assertTrue(view.latest(1, "missing").isEmpty());
                if (++count == 1) {
                    reading.countDown();
                }
            }
        } catch (ViewException e) {
            return count;
        }
    }

    /** A store whose writes fail on demand. */
    private static final class BrokenStore implements ViewStore {
        private final MemoryViewStore rows = new MemoryViewStore();
        private volatile boolean broken;

        @Override
        public byte @Nullable [] get(byte[] key) {
            return rows.get(key);
        }

        @Override
        public ViewCursor scan(byte[] from, byte @Nullable [] to) {
            return rows.scan(from, to);
        }

        @Override
        public ViewSnapshot snapshot() {
            return rows.snapshot();
        }

        @Override
        public void write(List<RowChange> changes) {
            if (broken) {
                throw new ViewException("broken");
            }
            rows.write(changes);
        }

        @Override
        public void startFlush() {
            rows.startFlush();
        }

        @Override
        public void flush() {
            rows.flush();
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
