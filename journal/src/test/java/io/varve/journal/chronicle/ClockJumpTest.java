package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.record.JournalRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The machine's clock is set back and forth, while a journal is open and between two openings. */
class ClockJumpTest {
    private static final List<Duration> JUMPS =
            List.of(
                    Duration.ZERO,
                    Duration.ofDays(-1),
                    Duration.ofSeconds(3),
                    Duration.ofDays(-3650),
                    Duration.ofMillis(-1),
                    Duration.ofDays(4000),
                    Duration.ofDays(-400));

    @TempDir Path directory;

    private Instant now = Instant.parse("2026-06-01T00:00:00Z");

    @Test
    void orderAndTimesOfRecordsAreNotAffected() {
        ChangeGenerator changes = new ChangeGenerator(5);
        JournalConfig config =
                JournalConfig.of(List.of(directory.resolve("journal")), new UUID(1, 2))
                        .withClock(() -> now);
        long position = 0;
        long lastMicros = 0;
        for (int opening = 0; opening < 3; opening++) {
            try (ChronicleJournal journal = ChronicleJournal.open(config)) {
                for (Duration jump : JUMPS) {
                    now = now.plus(jump);
                    JournalRecord record = journal.append(changes.draft()).join();
                    assertEquals(++position, record.position());
                    assertTrue(record.timeMicros() > lastMicros, record + " after " + lastMicros);
                    lastMicros = record.timeMicros();
                }
            }
            now = now.minus(Duration.ofDays(30));
        }
    }
}
