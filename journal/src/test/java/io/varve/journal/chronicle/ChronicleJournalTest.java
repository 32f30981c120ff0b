package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.journal.Journal;
import io.varve.journal.JournalContract;
import io.varve.journal.JournalException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

final class ChronicleJournalTest extends JournalContract {
    private static final UUID SITE = new UUID(1, 2);

    @TempDir Path directory;

    private final List<JournalEvent> events = new ArrayList<>();

    private JournalConfig config() {
        return JournalConfig.of(List.of(directory.resolve("journal")), SITE)
                .withEvents(events::add);
    }

    @Override
    protected Journal open() {
        return ChronicleJournal.open(config());
    }

    @Override
    protected byte[] chainHash(Journal journal, long position) {
        return ((ChronicleJournal) journal).chainHash(position);
    }

    @Test
    void refusesASecondOpening() {
        try (ChronicleJournal journal = ChronicleJournal.open(config())) {
            assertEquals(0, journal.endPosition());
            assertThrows(JournalException.class, () -> ChronicleJournal.open(config()));
        }
    }
}
