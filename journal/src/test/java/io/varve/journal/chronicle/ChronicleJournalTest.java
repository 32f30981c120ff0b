package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

class ChronicleJournalTest {
    private static final UUID SITE = new UUID(1, 2);

    @TempDir Path directory;

    private final List<JournalEvent> events = new ArrayList<>();

    private JournalConfig config() {
        return JournalConfig.of(List.of(directory.resolve("journal")), SITE)
                .withEvents(events::add);
    }

    private static List<JournalRecord> appendSome(ChronicleJournal journal, long seed, int count) {
        ChangeGenerator changes = new ChangeGenerator(seed);
        List<CompletableFuture<JournalRecord>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(journal.append(changes.draft()));
        }
        return futures.stream().map(CompletableFuture::join).toList();
    }

    private static List<JournalRecord> readAll(ChronicleJournal journal, long from) {
        List<JournalRecord> all = new ArrayList<>();
        try (RecordReader reader = journal.read(from)) {
            for (List<JournalRecord> some = reader.next(100);
                    !some.isEmpty();
                    some = reader.next(100)) {
                all.addAll(some);
            }
        }
        return all;
    }

    @Test
    void numbersRecordsFromOneWithoutGapsInTheOrderOfTheCalls() {
        try (ChronicleJournal journal = ChronicleJournal.open(config())) {
            List<JournalRecord> records = appendSome(journal, 1, 500);
            for (int i = 0; i < records.size(); i++) {
                assertEquals(i + 1, records.get(i).position());
            }
            assertEquals(500, journal.endPosition());
            assertEquals(records, readAll(journal, 1));
        }
    }

    @Test
    void findsAllRecordsAfterBeingReopened() {
        List<JournalRecord> expected = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            try (ChronicleJournal journal = ChronicleJournal.open(config())) {
                assertEquals(expected, readAll(journal, 1));
                expected.addAll(appendSome(journal, round, 300));
                assertEquals(expected, readAll(journal, 1));
            }
        }
        long time = 0;
        long epoch = 0;
        for (JournalRecord record : expected) {
            assertTrue(record.timeMicros() > time);
            assertTrue(record.writerEpoch() >= epoch);
            time = record.timeMicros();
            epoch = record.writerEpoch();
        }
    }

    @Test
    void hasATailerSeeEachRecordWithoutAskingAgain() throws Exception {
        try (ChronicleJournal journal = ChronicleJournal.open(config());
                RecordReader reader = journal.read(1)) {
            ChangeGenerator changes = new ChangeGenerator(7);
            for (int i = 0; i < 50; i++) {
                Draft draft = changes.draft();
                CompletableFuture<JournalRecord> future = journal.append(draft);
                List<JournalRecord> seen = reader.awaitNext(10);
                assertEquals(List.of(future.get()), seen);
            }
        }
    }

    @Test
    void refusesASecondOpening() {
        try (ChronicleJournal journal = ChronicleJournal.open(config())) {
            assertEquals(0, journal.endPosition());
            assertThrows(JournalException.class, () -> ChronicleJournal.open(config()));
        }
    }
}
