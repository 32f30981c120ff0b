package io.varve.projections.rocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.WindowChange;
import io.varve.projections.Checkpoint;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewDamagedException;
import io.varve.projections.ViewDigest;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Power failure and bit rot. What is assumed of the disk: bytes that were synced are there after a
 * power failure; of bytes that were not, any prefix may be there, or nothing, or zeros. RocksDB
 * syncs a table file before it names it in the manifest, and the manifest after each entry. So what
 * may be missing is a tail of the manifest and any part of the tables that only that tail names.
 */
class CrashTest {
    private static final RocksConfig SMALL = new RocksConfig(1 << 20, 64 * 1024, 64, 2);

    /** How much of what the slow tests would do, they do. */
    private static final int PERCENT = Integer.getInteger("varve.slow.percent", 100);

    @TempDir private Path root;

    /** What the disk held at a moment: so much of the manifest, and these tables complete. */
    private record Moment(long manifestSizeBytes, Set<String> tables) {}

    private final Map<Long, ViewDigest> digests = new TreeMap<>();
    private final List<Moment> moments = new ArrayList<>();
    private long position;

    @Test
    void opensAtAStateThatOnceWasAfterAnyPowerFailure() throws Exception {
        crash(1, 12);
        crash(2, 12);
    }

    @Test
    @Tag("slow")
    void opensAtAStateThatOnceWasAfterManyPowerFailures() throws Exception {
        long seed = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            crash(seed + i, 40 * PERCENT / 100);
        }
    }

    private void crash(long seed, int crashCount) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Path live = root.resolve("live-" + seed);
        digests.clear();
        moments.clear();
        digests.put(0L, ViewDigest.ZERO);
        position = 0;
        try (RocksViewStore store = RocksViewStore.open(live, SMALL)) {
            ViewBatch batch = new ViewBatch(store);
            write(random, batch, store, 100, live);
            store.flush();
            long synced = position;
            keepDeletedFiles(store);
            moments.clear();
            moments.add(moment(live));
            write(random, batch, store, 400, live);
            for (int i = 0; i < crashCount; i++) {
                Path copy = root.resolve("crash-" + seed + "-" + i);
                String what = "seed=" + seed + ", crash=" + i + ", " + cut(random, live, copy);
                checkState(copy, synced, what);
                delete(copy);
                write(random, batch, store, 10, live);
            }
        }
    }

    /** Files that only a manifest tail we cut off made obsolete must still be there to copy. */
    private static void keepDeletedFiles(RocksViewStore store) throws RocksDBException {
        store.database().disableFileDeletions();
    }

    private void write(
            SplittableRandom random, ViewBatch batch, RocksViewStore store, int count, Path live)
            throws IOException {
        for (int i = 0; i < count; i++) {
            for (int row = random.nextInt(40); row > 0; row--) {
                byte[] key =
                        ByteBuffer.allocate(5).put((byte) 'k').putInt(random.nextInt(3000)).array();
                if (random.nextInt(4) == 0) {
                    batch.delete(key);
                } else {
                    byte[] value = new byte[random.nextInt(300)];
                    random.nextBytes(value);
                    batch.put(key, value);
                }
            }
            position++;
            digests.put(position, batch.commit(record(position)).digest());
            if (random.nextInt(12) == 0) {
                store.startFlush();
            }
            moments.add(moment(live));
        }
    }

    private static JournalRecord record(long position) {
        return new JournalRecord(
                0,
                position,
                position,
                1,
                new RequestId(1, position),
                "alice",
                new WindowChange.ConfirmDropped(0));
    }

    private static Path manifest(Path directory) throws IOException {
        return directory.resolve(Files.readString(directory.resolve("CURRENT")).strip());
    }

    /** The manifest first: what it names by then is complete in what is listed after. */
    private static Moment moment(Path live) throws IOException {
        long size = Files.size(manifest(live));
        try (Stream<Path> files = Files.list(live)) {
            Set<String> tables = new HashSet<>();
            files.map(f -> f.getFileName().toString())
                    .filter(name -> name.endsWith(".sst"))
                    .forEach(tables::add);
            return new Moment(size, tables);
        }
    }

    /** Copies the store as a power failure at some moment may have left it. */
    private String cut(SplittableRandom random, Path live, Path copy) throws IOException {
        int at = random.nextInt(moments.size());
        Moment before = moments.get(at);
        Moment after = moments.get(Math.min(at + 1, moments.size() - 1));
        long grown = after.manifestSizeBytes() - before.manifestSizeBytes();
        boolean torn = grown > 0 && random.nextBoolean();
        long size = before.manifestSizeBytes() + (torn ? random.nextLong(grown + 1) : 0);
        Set<String> complete = torn ? after.tables() : before.tables();
        Files.createDirectories(copy);
        String manifest = manifest(live).getFileName().toString();
        List<String> names;
        try (Stream<Path> files = Files.list(live)) {
            names = files.map(f -> f.getFileName().toString()).toList();
        }
        for (String name : names) {
            if (name.equals("LOCK") || name.startsWith("LOG")) {
                continue;
            }
            byte[] bytes = Files.readAllBytes(live.resolve(name));
            if (name.equals(manifest)) {
                bytes = Arrays.copyOf(bytes, (int) size);
            } else if (name.endsWith(".sst") && !complete.contains(name)) {
                bytes = tear(random, bytes);
            }
            Files.write(copy.resolve(name), bytes);
        }
        return "manifest=" + size + ", torn=" + torn;
    }

    private static byte[] tear(SplittableRandom random, byte[] bytes) {
        int kept = random.nextInt(bytes.length + 1);
        byte[] torn = Arrays.copyOf(bytes, kept);
        return random.nextBoolean() ? torn : Arrays.copyOf(torn, bytes.length);
    }

    private void checkState(Path copy, long synced, String what) {
        try (RocksViewStore store = RocksViewStore.open(copy, SMALL)) {
            Checkpoint checkpoint = Checkpoint.read(store);
            assertTrue(checkpoint.position() >= synced, what + ", " + checkpoint);
            assertEquals(digests.get(checkpoint.position()), checkpoint.digest(), what);
            assertEquals(checkpoint.digest(), digest(store), what);
        }
    }

    private static ViewDigest digest(RocksViewStore store) {
        try (ViewCursor rows = store.scan(Checkpoint.firstRow(), null)) {
            return ViewDigest.of(rows);
        }
    }

    @Test
    void isNotOpenedAgainOnceDamageWasRead() throws Exception {
        Path live = root.resolve("marked");
        position = 0;
        try (RocksViewStore store = RocksViewStore.open(live, SMALL)) {
            write(new SplittableRandom(5), new ViewBatch(store), store, 100, live);
        }
        spoilTables(live);
        List<ViewDamagedException> told = new ArrayList<>();
        try (RocksViewStore store = RocksViewStore.open(live, SMALL, told::add)) {
            assertThrows(ViewDamagedException.class, () -> digest(store));
            assertThrows(ViewDamagedException.class, () -> digest(store));
        }
        assertEquals(1, told.size());
        assertThrows(ViewDamagedException.class, () -> RocksViewStore.open(live, SMALL));
    }

    /** One byte in the middle of the first block of each table, which opening does not read. */
    private static void spoilTables(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".sst")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[100] ^= 1;
                Files.write(file, bytes);
            }
        }
    }

    @Test
    void neverServesARowWithAFlippedBit() throws Exception {
        flip(3, 60);
    }

    @Test
    @Tag("slow")
    void neverServesARowWithAnyFlippedBit() throws Exception {
        flip(System.nanoTime(), 600 * PERCENT / 100);
    }

    private void flip(long seed, int flipCount) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Path live = root.resolve("flip-live");
        digests.clear();
        digests.put(0L, ViewDigest.ZERO);
        position = 0;
        try (RocksViewStore store = RocksViewStore.open(live, SMALL)) {
            write(random, new ViewBatch(store), store, 40, live);
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(live)) {
            files =
                    all.filter(f -> f.toString().matches(".*(sst|MANIFEST-\\d+|CURRENT)"))
                            .sorted()
                            .toList();
        }
        int found = 0;
        for (int i = 0; i < flipCount; i++) {
            Path damaged = files.get(random.nextInt(files.size()));
            int bit = random.nextInt((int) Files.size(damaged) * 8);
            Path copy = root.resolve("flip-" + i);
            Files.createDirectories(copy);
            for (Path file : files) {
                byte[] bytes = Files.readAllBytes(file);
                if (file.equals(damaged)) {
                    bytes[bit / 8] ^= (byte) (1 << (bit % 8));
                }
                Files.write(copy.resolve(file.getFileName()), bytes);
            }
            String what = "seed=" + seed + ", file=" + damaged + ", bit=" + bit;
            found += isFound(copy, what) ? 1 : 0;
            delete(copy);
        }
        assertTrue(found > flipCount / 2, "seed=" + seed + ", found=" + found);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /** Either it is found, or what is read is a state that once was. */
    private boolean isFound(Path copy, String what) {
        try (RocksViewStore store = RocksViewStore.open(copy, SMALL)) {
            Checkpoint checkpoint = Checkpoint.read(store);
            assertEquals(digests.get(checkpoint.position()), checkpoint.digest(), what);
            assertEquals(checkpoint.digest(), digest(store), what);
            return checkpoint.position() != position;
        } catch (ViewDamagedException e) {
            return true;
        }
    }
}
