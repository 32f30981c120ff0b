package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.RecordReader;
import io.varve.journal.record.JournalRecord;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Three mirrors over many lives: each life is cut short at a random step, one mirror may be absent
 * in it and come back later with what it had, and one may have been emptied before it. Whatever was
 * once acknowledged or read stays, in its place, for ever.
 *
 * <p>Claim that is tested: with a majority of the mirrors there at each start, no acknowledged
 * record is lost, and none that a reader has seen is taken back.
 */
class MirrorWalkTest {
    private static final int MIRRORS = 3;
    private static final int LONGEST_LIFE_STEPS = 160;

    @TempDir Path directory;

    @Test
    void keepsWhatWasOnceAcknowledgedOrReadOverManyLives() throws IOException {
        for (long seed = 1; seed <= 3; seed++) {
            new Walk(seed).go(6);
        }
    }

    /** Fifty walks, or so many percent of them as {@code -Dvarve.slow.percent} says. */
    @Test
    @Tag("slow")
    void keepsWhatWasOnceAcknowledgedOrReadOverVeryManyLives() throws IOException {
        int walks = 50 * Integer.getInteger("varve.slow.percent", 100) / 100;
        for (long seed = 1000; seed < 1000 + walks; seed++) {
            new Walk(seed).go(12);
        }
    }

    private final class Walk {
        private final long seed;
        private final SplittableRandom random;
        private final ChangeGenerator changes;

        /** What was acknowledged or read so far. */
        private List<JournalRecord> confirmed = new ArrayList<>();

        private Path root;
        private int absent = -1;

        /** A mirror was emptied and has not been written anew: until then it counts as absent. */
        private boolean emptied;

        Walk(long seed) throws IOException {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.changes = new ChangeGenerator(seed);
            this.root = newRoot(0);
        }

        void go(int lives) throws IOException {
            for (int life = 1; life <= lives; life++) {
                int wasAbsent = absent;
                absent = random.nextInt(3) == 0 && !emptied ? random.nextInt(MIRRORS) : -1;
                if (wasAbsent < 0 && absent < 0 && !emptied && random.nextInt(4) == 0) {
                    empty(root.resolve("mirror-" + random.nextInt(MIRRORS)));
                    emptied = true;
                }
                root = live(life);
            }
        }

        /** One life; returns where what is left of it is. */
        private Path live(int life) throws IOException {
            CrashDisk disk = new CrashDisk(root);
            List<JournalRecord> known = Collections.synchronizedList(new ArrayList<>(confirmed));
            AtomicBoolean isOpen = new AtomicBoolean();
            Cut cut = new Cut(disk, known, isOpen, random.nextInt(LONGEST_LIFE_STEPS));
            disk.observe(cut::step);
            try (ChronicleJournal journal =
                    ChronicleJournal.open(
                            Recovered.config(
                                    directories(), Collections.synchronizedList(new ArrayList<>())),
                            disk)) {
                isOpen.set(true);
                List<JournalRecord> recovered = readAll(journal);
                assertEquals(
                        confirmed,
                        recovered.subList(0, Math.min(confirmed.size(), recovered.size())),
                        where(life));
                known.addAll(recovered.subList(confirmed.size(), recovered.size()));
                append(journal, known);
            }
            cut.atTheLatestNow();
            emptied &= !cut.opened;
            confirmed = new ArrayList<>(cut.confirmed);
            Path next = newRoot(life);
            for (int i = 0; i < MIRRORS; i++) {
                Path to = next.resolve("mirror-" + i);
                if (i == absent) {
                    copy(root.resolve("mirror-" + i), to);
                } else {
                    cut.images.get(i).writeTo(to);
                }
            }
            Recovered.deleteTree(root);
            return next;
        }

        private void append(ChronicleJournal journal, List<JournalRecord> known) {
            for (int group = 0; group < 8; group++) {
                List<CompletableFuture<Void>> futures = new ArrayList<>();
                for (int i = random.nextInt(1, 5); i > 0; i--) {
                    futures.add(journal.append(changes.draft()).thenAccept(known::add));
                }
                futures.forEach(CompletableFuture::join);
            }
        }

        /** An absent mirror is one whose directory cannot be made. */
        private List<Path> directories() {
            List<Path> directories = new ArrayList<>();
            for (int i = 0; i < MIRRORS; i++) {
                directories.add(
                        i == absent
                                ? root.resolve("no-directory").resolve("mirror-" + i)
                                : root.resolve("mirror-" + i));
            }
            return directories;
        }

        private Path newRoot(int life) throws IOException {
            Path created = Files.createDirectory(directory.resolve(seed + "-" + life));
            Files.createFile(created.resolve("no-directory"));
            return created;
        }

        private String where(int life) {
            return "seed=%d, life=%d, absent=%d".formatted(seed, life, absent);
        }

        /** Takes what is left of the mirrors at one step of a life. */
        private final class Cut {
            private final CrashDisk disk;
            private final List<JournalRecord> known;
            private final AtomicBoolean isOpen;
            private final int at;
            private boolean opened;
            private final AtomicInteger steps = new AtomicInteger();
            private final List<CrashDisk.Image> images = new ArrayList<>();
            private List<JournalRecord> confirmed = List.of();

            Cut(CrashDisk disk, List<JournalRecord> known, AtomicBoolean isOpen, int at) {
                this.disk = disk;
                this.isOpen = isOpen;
                this.known = known;
                this.at = at;
            }

            void step(String what) {
                if (steps.getAndIncrement() == at) {
                    take();
                }
            }

            private void take() {
                opened = isOpen.get();
                confirmed = List.copyOf(known);
                SplittableRandom losses = new SplittableRandom(seed + at);
                for (int i = 0; i < MIRRORS; i++) {
                    images.add(disk.crash(root.resolve("mirror-" + i), losses));
                }
            }

            void atTheLatestNow() {
                if (images.isEmpty()) {
                    take();
                }
            }
        }
    }

    private static List<JournalRecord> readAll(ChronicleJournal journal) {
        List<JournalRecord> records = new ArrayList<>();
        try (RecordReader reader = journal.read(1)) {
            for (List<JournalRecord> some = reader.next(100);
                    !some.isEmpty();
                    some = reader.next(100)) {
                records.addAll(some);
            }
        }
        return records;
    }

    private static void empty(Path mirror) throws IOException {
        if (Files.isDirectory(mirror)) {
            Recovered.deleteTree(mirror);
        }
        Files.createDirectory(mirror);
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }
}
