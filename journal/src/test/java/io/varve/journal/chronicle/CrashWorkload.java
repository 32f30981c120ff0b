package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Appends drafts in groups of random size and knows, at any moment, which of them were asked for
 * and which were acknowledged.
 */
final class CrashWorkload {
    private final ChangeGenerator changes;
    private final SplittableRandom random;
    private final List<Draft> asked = new ArrayList<>();
    private final AtomicInteger acknowledged = new AtomicInteger();

    CrashWorkload(long seed) {
        this.changes = new ChangeGenerator(seed);
        this.random = new SplittableRandom(seed);
    }

    /** Appends so many groups, each when the one before is durable. */
    void append(ChronicleJournal journal, int groups) {
        for (int group = 0; group < groups; group++) {
            List<CompletableFuture<Void>> futures = new ArrayList<>();
            for (int i = random.nextInt(1, 7); i > 0; i--) {
                Draft draft = changes.draft();
                synchronized (asked) {
                    asked.add(draft);
                }
                futures.add(journal.append(draft).thenRun(acknowledged::incrementAndGet));
            }
            futures.forEach(CompletableFuture::join);
        }
    }

    int acknowledged() {
        return acknowledged.get();
    }

    /**
     * Every acknowledged record is there, in order; beyond them only whole ones that were asked
     * for.
     */
    void check(List<JournalRecord> records, int acknowledgedBefore, String where) {
        assertTrue(
                records.size() >= acknowledgedBefore,
                () ->
                        "acknowledged records are lost: there are %d, acknowledged %d, %s"
                                .formatted(records.size(), acknowledgedBefore, where));
        synchronized (asked) {
            assertTrue(records.size() <= asked.size(), where);
            for (int i = 0; i < records.size(); i++) {
                JournalRecord record = records.get(i);
                assertEquals(i + 1, record.position(), where);
                assertEquals(
                        asked.get(i),
                        new Draft(record.requestId(), record.principal(), record.change()),
                        where);
            }
        }
    }
}
