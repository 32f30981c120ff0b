package io.varve.projections.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.JournalRecord;
import io.varve.projections.Checkpoint;
import io.varve.projections.MemoryViewStore;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewDigest;
import io.varve.projections.ViewStore;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The same records make the same rows: in whatever batches, from whatever earlier state. */
class ReplayTest {
    private static final int RECORD_COUNT = 3000;

    /** A journal of random changes that mostly hit something. */
    static MemoryJournal journal(long seed, int recordCount) {
        NamespaceModel model = new NamespaceModel();
        RandomChanges changes = new RandomChanges(new SplittableRandom(seed), model);
        MemoryJournal journal = new MemoryJournal();
        while (journal.endPosition() < recordCount) {
            long end = journal.endPosition();
            long now = 1_700_000_000_000_000L + 1000 * (end + 1);
            model.apply(journal.add(changes.next(now, end)));
        }
        return journal;
    }

    /** Applies records up to a position in batches of random sizes. */
    private static Checkpoint fold(
            ViewStore store, MemoryJournal journal, long through, SplittableRandom random) {
        ViewBatch batch = new ViewBatch(store);
        Namespace namespace = new Namespace(batch);
        JournalTail.recall(RecordSource.of(journal), batch.checkpoint(), namespace);
        int next = (int) batch.checkpoint().position();
        List<JournalRecord> records = journal.all();
        while (next < through) {
            int to = (int) Math.min(through, next + 1 + random.nextInt(50));
            records.subList(next, to).forEach(namespace::apply);
            namespace.commit(records.get(to - 1));
            next = to;
        }
        return Checkpoint.read(store);
    }

    @Test
    void comesOutTheSameInWhateverBatches() {
        for (long seed = 1; seed <= 3; seed++) {
            MemoryJournal journal = journal(seed, RECORD_COUNT);
            SplittableRandom random = new SplittableRandom(seed + 100);
            Checkpoint one = fold(new MemoryViewStore(), journal, RECORD_COUNT, random);
            Checkpoint other = fold(new MemoryViewStore(), journal, RECORD_COUNT, random);
            assertEquals(one, other, "seed=" + seed);
            assertNotEquals(ViewDigest.ZERO, one.digest());
        }
    }

    @Test
    void comesOutTheSameFromAnyEarlierState(@TempDir Path root) throws IOException {
        long seed = 7;
        MemoryJournal journal = journal(seed, RECORD_COUNT);
        SplittableRandom random = new SplittableRandom(seed);
        Path live = root.resolve("live");
        List<Path> copies = new ArrayList<>();
        long through = 0;
        for (int i = 0; i < 5; i++) {
            through += 1 + random.nextInt(RECORD_COUNT / 5);
            try (RocksViewStore store = RocksViewStore.open(live, RocksConfig.DEFAULT)) {
                fold(store, journal, through, random);
            }
            copies.add(copy(live, root.resolve("copy-" + i)));
        }
        Checkpoint expected = fold(new MemoryViewStore(), journal, RECORD_COUNT, random);
        for (Path copy : copies) {
            try (RocksViewStore store = RocksViewStore.open(copy, RocksConfig.DEFAULT)) {
                assertTrue(Checkpoint.read(store).position() < RECORD_COUNT);
                assertEquals(expected, fold(store, journal, RECORD_COUNT, random), "seed=" + seed);
            }
        }
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }
}
