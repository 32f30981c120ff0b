package io.varve.journal.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.StoredReader;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RequestId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

final class JournalArchiveTest {
    private static final UUID SITE = new UUID(7, 8);
    private static final long SEGMENT_BYTES = 1000;

    @TempDir Path directory;

    private ChronicleJournal journal(String name, boolean follows) {
        return ChronicleJournal.open(
                JournalConfig.of(List.of(directory.resolve(name)), SITE)
                        .withEvents(event -> {})
                        .withFollows(follows));
    }

    private static void append(ChronicleJournal journal, int count) {
        List<CompletableFuture<JournalRecord>> appended = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long number = journal.endPosition() + i;
            appended.add(
                    journal.append(
                            new Draft(
                                    new RequestId(number, i),
                                    "me",
                                    new BucketChange.CreateBucket("bucket-" + i, "owner"))));
        }
        appended.forEach(CompletableFuture::join);
    }

    private JournalArchive archive() {
        return JournalArchive.open(store(), SEGMENT_BYTES);
    }

    private ArchiveStore store() {
        return new DirectoryArchiveStore(directory.resolve("archive"));
    }

    private static void add(JournalArchive archive, ChronicleJournal journal) {
        try (StoredReader records = journal.stored(archive.endPosition() + 1)) {
            archive.add(SITE, records, journal.endPosition(), position -> {});
        }
    }

    private void requireCopies(ChronicleJournal journal, String name) {
        try (ChronicleJournal copy = journal(name, true)) {
            archive().copyTo(copy, position -> {});
            assertEquals(journal.endPosition(), copy.endPosition());
            assertArrayEquals(
                    journal.chainHash(journal.endPosition()), copy.chainHash(copy.endPosition()));
            assertTrue(copy.verify(1, copy.endPosition()).isIntact());
        }
    }

    @Test
    void growsByWhatIsNewAndGivesAllOfItBack() {
        try (ChronicleJournal journal = journal("journal", false)) {
            assertEquals(0, archive().endPosition());
            append(journal, 100);
            add(archive(), journal);
            append(journal, 30);
            JournalArchive archive = archive();
            assertEquals(100, archive.endPosition());
            add(archive, journal);
            add(archive, journal);
            JournalArchive.Extent extent = archive().extent();
            assertEquals(SITE, extent.siteId());
            assertEquals(130, extent.endPosition());
            assertTrue(extent.segmentCount() > 2, extent::toString);
            assertArrayEquals(journal.chainHash(130), extent.chain());
            archive().verify(position -> {});
            requireCopies(journal, "copy");
        }
    }

    /** Like a process that is killed between any two calls into the file system. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void whereverItIsKilledItIsAPrefixAndGoesOn() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (ChronicleJournal journal = journal("journal", false)) {
            for (int run = 0; run < 10; run++) {
                append(journal, 1 + random.nextInt(60));
                int survives = random.nextInt(3);
                JournalArchive archive = JournalArchive.open(new Failing(survives), SEGMENT_BYTES);
                try {
                    add(archive, journal);
                } catch (Killed e) {
                    archive().verify(position -> {});
                }
            }
            add(archive(), journal);
            archive().verify(position -> {});
            requireCopies(journal, "copy");
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** Dies in a write: with nothing written, or some bytes that have no name yet. */
    private final class Failing implements ArchiveStore {
        private final ArchiveStore store = store();
        private int left;

        Failing(int left) {
            this.left = left;
        }

        @Override
        public List<String> names() throws IOException {
            return store.names();
        }

        @Override
        public byte[] read(String name) throws IOException {
            return store.read(name);
        }

        @Override
        public void write(String name, byte[] bytes) throws IOException {
            if (left-- == 0) {
                Path half = directory.resolve("archive").resolve(name + ".new");
                Files.createDirectories(directory.resolve("archive"));
                Files.write(half, Arrays.copyOf(bytes, bytes.length / 2));
                throw new Killed();
            }
            store.write(name, bytes);
        }
    }

    @Test
    void aCopyThatWasInterruptedGoesOn() {
        try (ChronicleJournal journal = journal("journal", false)) {
            append(journal, 150);
            add(archive(), journal);
            for (int stop = 1; stop < 4; stop++) {
                int wanted = stop;
                int[] segments = {0};
                try (ChronicleJournal copy = journal("copy", true)) {
                    assertThrows(
                            Killed.class,
                            () ->
                                    archive()
                                            .copyTo(
                                                    copy,
                                                    position -> {
                                                        if (++segments[0] == wanted) {
                                                            throw new Killed();
                                                        }
                                                    }));
                }
            }
            requireCopies(journal, "copy");
        }
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        try (ChronicleJournal journal = journal("journal", false)) {
            append(journal, 8);
            add(archive(), journal);
        }
        String name = store().names().getFirst();
        Path file = directory.resolve("archive").resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) (1 << i % 8);
            byte[] flipped = bytes.clone();
            assertThrows(ArchiveException.class, () -> ArchiveSegment.decode(name, flipped));
            bytes[i] ^= (byte) (1 << i % 8);
        }
        byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
        assertThrows(ArchiveException.class, () -> ArchiveSegment.decode(name, cut));
        assertEquals(8, ArchiveSegment.decode(name, bytes).records().size());
    }

    @Test
    void aMissingSegmentAndAnotherHistoryAreRefused() throws IOException {
        try (ChronicleJournal journal = journal("journal", false);
                ChronicleJournal other = journal("other", false)) {
            append(journal, 100);
            append(other, 120);
            add(archive(), journal);
            JournalArchive archive = archive();
            assertThrows(ArchiveException.class, () -> add(archive, other));
            assertThrows(
                    ArchiveException.class,
                    () -> archive.add(new UUID(1, 1), journal.stored(101), 100, p -> {}));
            try (ChronicleJournal copy = journal("copy", true)) {
                copy.appendStored(other.stored(1).next(10, Long.MAX_VALUE));
                assertThrows(ArchiveException.class, () -> archive.copyTo(copy, p -> {}));
            }
        }
        Files.delete(directory.resolve("archive").resolve(store().names().get(1)));
        assertThrows(ArchiveException.class, this::archive);
    }
}
