package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.JournalException;
import io.varve.journal.chronicle.JournalEvent.CycleRepaired;
import io.varve.journal.chronicle.JournalEvent.DamageFound;
import io.varve.journal.chronicle.JournalEvent.TornTailCut;
import io.varve.journal.record.JournalRecord;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A bit is turned over in a small journal, byte by byte. The slow tests do that at every byte of
 * every record of a closed journal, and at some of the bytes elsewhere, of a crashed and of a
 * mirrored one; with {@code -Dvarve.flips=all} at all of them, which takes long, and with {@code
 * -Dvarve.slow.percent} at so many percent of them. What is then read is either exactly what was
 * written, or it is said that it cannot be read: a damaged record is never served, and none is
 * silently missing.
 */
class BitFlipTest {
    private static final long SEED = 5;

    private static final boolean ALL = "all".equals(System.getProperty("varve.flips"));

    /** Only one in so many of what the slow tests would do. */
    private static final int SPARSER = 100 / Integer.getInteger("varve.slow.percent", 100);

    /** Where no record is, a file is zeros and the queue library's own index, which is not read. */
    private static final int STEP_OUTSIDE = (ALL ? 1 : 1999) * SPARSER;

    /** The two labels are one text twice, and mostly padding. */
    private static final int STEP_IN_LABELS = ALL ? 1 : 5;

    @TempDir Path directory;

    private Path original;
    private List<JournalRecord> expected = List.of();

    @BeforeEach
    void write() {
        original = directory.resolve("original");
        CrashWorkload workload = new CrashWorkload(SEED);
        for (int opening = 0; opening < 2; opening++) {
            try (ChronicleJournal journal =
                    ChronicleJournal.open(
                            Recovered.config(List.of(original), new ArrayList<>()),
                            new FastMedia())) {
                workload.append(journal, 6);
            }
        }
        Path copy = copyOf(original);
        expected = Recovered.from(List.of(copy), new FastMedia()).records();
        Recovered.deleteTree(copy);
        assertTrue(expected.size() > 20);
    }

    @Test
    void findsAFlippedBitInAJournalThatWasClosedInGoodOrder() throws IOException {
        flipAll(211, 2111, this::checkClosed);
    }

    @Test
    @Tag("slow")
    void findsAFlippedBitAtEveryByteOfARecordOfAClosedJournal() throws IOException {
        flipAll(SPARSER, STEP_OUTSIDE, this::checkClosed);
    }

    @Test
    void findsAFlippedBitInAJournalThatCrashed() throws IOException {
        crash();
        flipAll(211, 2111, this::checkCrashed);
    }

    @Test
    @Tag("slow")
    void findsAFlippedBitAtManyBytesOfACrashedJournal() throws IOException {
        crash();
        flipAll((ALL ? 1 : 7) * SPARSER, STEP_OUTSIDE, this::checkCrashed);
    }

    @Test
    void repairsAFlippedBitFromAMirror() throws IOException {
        flipAll(997, 9973, this::checkMirrored);
    }

    @Test
    @Tag("slow")
    void repairsAFlippedBitAtManyBytesFromAMirror() throws IOException {
        flipAll((ALL ? 1 : 61) * SPARSER, STEP_OUTSIDE, this::checkMirrored);
    }

    private interface Check {
        void check(Path flipped, String where, boolean inFrame) throws IOException;
    }

    /**
     * Flips a bit at every so many bytes, starting at a place that differs by file.
     *
     * @param every the step within records and labels
     * @param everyOutside the step elsewhere
     */
    private void flipAll(int every, int everyOutside, Check check) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        for (Path file : filesOf(original)) {
            byte[] bytes = Files.readAllBytes(file);
            BitSet frames = framesOf(file);
            boolean isLabel = file.getFileName().toString().startsWith("label");
            int step = isLabel ? Math.max(every, STEP_IN_LABELS) : every;
            int first = random.nextInt(step);
            int firstOutside = random.nextInt(everyOutside);
            for (int at = 0; at < bytes.length; at++) {
                int bit = random.nextInt(8);
                boolean chosen =
                        (isLabel || frames.get(at))
                                ? at % step == first
                                : at % everyOutside == firstOutside;
                if (!chosen) {
                    continue;
                }
                Path copy = copyOf(original);
                byte[] flipped = bytes.clone();
                flipped[at] ^= (byte) (1 << bit);
                Files.write(copy.resolve(original.relativize(file)), flipped);
                check.check(
                        copy,
                        "file=%s, offset=%d, bit=%d".formatted(original.relativize(file), at, bit),
                        frames.get(at));
                Recovered.deleteTree(copy);
            }
        }
    }

    /** Without a mirror: refused, or all there. */
    private void checkClosed(Path flipped, String where, boolean inFrame) {
        boolean verified = isIntact(flipped);
        assertFalse(inFrame && verified, () -> "verified, though damaged: " + where);
        try {
            Recovered recovered = Recovered.from(List.of(flipped), new FastMedia());
            assertFalse(inFrame, () -> "served, though damaged: " + where);
            assertEquals(expected, recovered.records(), where);
        } catch (JournalException e) {
            assertFalse(verified, () -> "refused, though it verifies: " + where + ": " + e);
        }
    }

    /**
     * After a crash the last batch may be torn, and a flipped bit in it looks the same: it is cut,
     * and that is said. Everything before is as after a good close.
     */
    private void checkCrashed(Path flipped, String where, boolean inFrame) {
        try {
            Recovered recovered = Recovered.from(List.of(flipped), new FastMedia());
            List<JournalRecord> records = recovered.records();
            assertTrue(!inFrame || records.size() < expected.size(), where);
            if (records.size() < expected.size()) {
                assertTrue(
                        recovered.events().stream().anyMatch(e -> e instanceof TornTailCut), where);
                assertTrue(records.size() >= expected.size() - 16, where);
            }
            assertEquals(expected.subList(0, records.size()), records, where);
        } catch (JournalException e) {
            assertFalse(isIntact(flipped), () -> "refused, though it verifies: " + where);
        }
    }

    /** With a mirror: always all there, and afterwards the damage is gone. */
    private void checkMirrored(Path flipped, String where, boolean inFrame) {
        Path mirror = copyOf(original);
        Path other = copyOf(original);
        asMirrorsOfOneEpoch(List.of(flipped, mirror, other));
        List<Path> all = List.of(flipped, mirror, other);
        Recovered recovered = Recovered.from(all, new FastMedia());
        assertEquals(expected, recovered.records(), where);
        List<JournalEvent> events = new ArrayList<>();
        events.addAll(recovered.events());
        try (ChronicleJournal journal =
                ChronicleJournal.open(
                        Recovered.config(all, Collections.synchronizedList(events)),
                        new FastMedia())) {
            journal.verify(1, Long.MAX_VALUE);
            journal.awaitRepairs();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        synchronized (events) {
            long found = events.stream().filter(e -> e instanceof DamageFound).count();
            long repaired = events.stream().filter(e -> e instanceof CycleRepaired).count();
            assertTrue(!inFrame || found > 0, () -> where + ": " + events);
            assertTrue(found == 0 || repaired > 0, () -> where + ": " + events);
        }
        assertTrue(isIntact(flipped), where);
        Recovered.deleteTree(mirror);
        Recovered.deleteTree(other);
    }

    /** Gives copies of one journal labels as if they had been mirrors all along. */
    private static void asMirrorsOfOneEpoch(List<Path> directories) {
        try {
            List<MirrorLabel> labels = new ArrayList<>();
            for (int i = 0; i < directories.size(); i++) {
                MirrorLabel label = MirrorOpening.readLabel(directories.get(1));
                labels.add(
                        new MirrorLabel(
                                Objects.requireNonNull(label).siteId(),
                                new UUID(7, i),
                                label.revision(),
                                label.promisedEpoch(),
                                label.acceptedEpoch(),
                                List.of(new UUID(7, 0), new UUID(7, 1), new UUID(7, 2)),
                                label.firstCycle(),
                                label.mark()));
            }
            for (int i = 0; i < directories.size(); i++) {
                Files.write(directories.get(i).resolve(Mirror.LABEL_1), labels.get(i).encode());
                Files.write(directories.get(i).resolve(Mirror.LABEL_2), labels.get(i).encode());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the labels back to what they said before the last records, as after a kill. */
    private void crash() throws IOException {
        MirrorLabel label = MirrorOpening.readLabel(original);
        byte[] bytes =
                new MirrorLabel(
                                Objects.requireNonNull(label).siteId(),
                                label.mirrorId(),
                                label.revision(),
                                label.promisedEpoch(),
                                label.acceptedEpoch(),
                                label.members(),
                                label.firstCycle(),
                                MirrorLabel.Mark.NONE)
                        .encode();
        Files.write(original.resolve(Mirror.LABEL_1), bytes);
        Files.write(original.resolve(Mirror.LABEL_2), bytes);
    }

    private static boolean isIntact(Path journal) {
        try {
            return ReadOnlyJournal.open(List.of(journal), Recovered.SMALL, event -> {})
                    .verify(1, Long.MAX_VALUE)
                    .isIntact();
        } catch (JournalException e) {
            return false;
        }
    }

    /** Which bytes of a file belong to frames, the excerpt's own four before each included. */
    private static BitSet framesOf(Path file) throws IOException {
        BitSet frames = new BitSet();
        if (file.toString().endsWith(".cq4")) {
            try (CycleCursor cursor = new CycleCursor(file, Recovered.RULES)) {
                for (boolean more = cursor.start() != null;
                        more;
                        more = cursor.next() == CycleCursor.Step.FRAME) {
                    int end = (int) cursor.offset();
                    frames.set(end - cursor.frameBytes().length - 4, end);
                }
            }
        }
        return frames;
    }

    private static List<Path> filesOf(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Path copyOf(Path source) {
        try {
            Path target = Files.createTempDirectory(directory, "copy");
            try (Stream<Path> paths = Files.walk(source)) {
                for (Path path : paths.toList()) {
                    Path to = target.resolve(source.relativize(path).toString());
                    if (Files.isDirectory(path)) {
                        Files.createDirectories(to);
                    } else {
                        Files.copy(path, to);
                    }
                }
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
