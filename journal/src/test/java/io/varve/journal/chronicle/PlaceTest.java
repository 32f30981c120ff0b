package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.record.JournalRecord;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Reading goes on where recovery has been, and does not trust that further than it may. */
final class PlaceTest {
    private static final UUID SITE = new UUID(1, 2);
    private static final int COUNT = 5_000;
    private static final int EARLY_OFFSET = 200_000;

    @TempDir Path directory;

    private final List<JournalEvent> events = new ArrayList<>();

    private JournalConfig config() {
        return JournalConfig.of(List.of(directory.resolve("journal")), SITE)
                .withEvents(events::add);
    }

    private List<JournalRecord> fill() {
        try (ChronicleJournal journal = ChronicleJournal.open(config())) {
            ChangeGenerator changes = new ChangeGenerator(5);
            List<CompletableFuture<JournalRecord>> futures = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                futures.add(journal.append(changes.draft()));
            }
            return futures.stream().map(CompletableFuture::join).toList();
        }
    }

    private Path file() {
        return CycleDirectory.of(directory.resolve("journal"), 1).file();
    }

    private void flip(int offset) throws IOException {
        byte[] bytes = Files.readAllBytes(file());
        bytes[offset] ^= 1;
        Files.write(file(), bytes);
    }

    private List<JournalEvent> damages() {
        return events.stream().filter(JournalEvent.DamageFound.class::isInstance).toList();
    }

    private static JournalRecord read(ChronicleJournal journal, long position) {
        try (RecordReader reader = journal.read(position)) {
            return reader.next(1).getFirst();
        }
    }

    @Test
    void readsALateRecordWithoutThoseBeforeIt() throws IOException {
        List<JournalRecord> records = fill();
        try (ChronicleJournal journal = ChronicleJournal.open(config())) {
            assertTrue(Files.size(file()) > 4 * EARLY_OFFSET);
            // Rot that came after the recovery: in the way of none but those who read it.
            flip(EARLY_OFFSET);
            assertEquals(records.getLast(), read(journal, COUNT));
            assertEquals(records.get(COUNT - 400), read(journal, COUNT - 399));
            assertTrue(damages().isEmpty());
        }
    }

    @Test
    void findsDamageInWhatItReads() throws IOException {
        fill();
        try (ChronicleJournal journal = ChronicleJournal.open(config())) {
            flip((int) Files.size(file()) - 40);
            boolean failed = false;
            try {
                read(journal, COUNT);
            } catch (JournalException e) {
                failed = true;
            }
            assertTrue(failed);
            assertFalse(damages().isEmpty());
        }
    }

    /** A file that was replaced may have its frames elsewhere. */
    @Test
    void beginsAtTheStartOfTheFileWhenAPlaceDoesNotFit() throws IOException {
        List<JournalRecord> records = fill();
        FrameRules rules = FrameRules.of(SITE, JournalLimits.DEFAULT);
        List<CycleCursor.Place> places = TailScan.of(file(), rules).places();
        assertEquals(COUNT / 1024, places.size());
        CycleCursor.Place good = places.get(2);
        List<CycleCursor.Place> wrong =
                List.of(
                        new CycleCursor.Place(
                                good.start(), good.nextPosition(), good.offset() + 4, good.chain()),
                        new CycleCursor.Place(
                                good.start(), good.nextPosition() - 1, good.offset(), good.chain()),
                        new CycleCursor.Place(
                                good.start(), good.nextPosition(), good.offset(), new byte[32]),
                        new CycleCursor.Place(
                                good.start(),
                                good.nextPosition(),
                                Files.size(file()),
                                good.chain()));
        for (CycleCursor.Place place : wrong) {
            try (FileReader reader = new FileReader(new OnePlace(rules, place))) {
                assertEquals(records.get(3_999), reader.at(4_000).record());
                assertEquals(records.get(4_000), reader.at(4_001).record());
            }
        }
        assertTrue(damages().isEmpty());
    }

    private final class OnePlace implements CycleSource {
        private final FrameRules rules;
        private final CycleCursor.Place place;

        OnePlace(FrameRules rules, CycleCursor.Place place) {
            this.rules = rules;
            this.place = place;
        }

        @Override
        public List<Path> filesOf(long position) {
            return List.of(file());
        }

        @Override
        public FrameRules rules() {
            return rules;
        }

        @Override
        public CycleCursor.@Nullable Place placeBefore(Path file, long position) {
            return place;
        }

        @Override
        public void damaged(Path file, long position, String reason) {
            events.add(new JournalEvent.DamageFound(file, position, reason));
        }
    }
}
