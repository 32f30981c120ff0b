package io.varve.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.RequestId;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What every {@link Journal} promises, whatever it is kept in. */
public abstract class JournalContract {

    /** Opens the journal; what it held when it was closed is there again. */
    protected abstract Journal open();

    protected abstract byte[] chainHash(Journal journal, long position);

    protected static List<JournalRecord> appendSome(Journal journal, long seed, int count) {
        ChangeGenerator changes = new ChangeGenerator(seed);
        List<CompletableFuture<JournalRecord>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(journal.append(changes.draft()));
        }
        return futures.stream().map(CompletableFuture::join).toList();
    }

    protected static List<JournalRecord> readAll(Journal journal, long from) {
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
        try (Journal journal = open()) {
            List<JournalRecord> records = appendSome(journal, 1, 500);
            for (int i = 0; i < records.size(); i++) {
                assertEquals(i + 1, records.get(i).position());
            }
            assertEquals(500, journal.endPosition());
            assertEquals(records, readAll(journal, 1));
            assertEquals(records.subList(250, 500), readAll(journal, 251));
        }
    }

    @Test
    void findsAllRecordsAfterBeingReopened() {
        List<JournalRecord> expected = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            try (Journal journal = open()) {
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
        try (Journal journal = open();
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
    void confirmsAnEndBehindAllThatWasAppended() {
        try (Journal journal = open()) {
            assertEquals(0, journal.confirmedEnd().join());
            appendSome(journal, 3, 20);
            assertEquals(20, journal.confirmedEnd().join());
        }
    }

    @Test
    void keepsItsChainWhenItIsReopened() {
        byte[] before;
        try (Journal journal = open()) {
            appendSome(journal, 4, 20);
            before = chainHash(journal, 20);
            assertArrayEquals(new byte[32], chainHash(journal, 0));
        }
        try (Journal journal = open()) {
            assertArrayEquals(before, chainHash(journal, 20));
            appendSome(journal, 5, 1);
            assertArrayEquals(before, chainHash(journal, 20));
        }
    }

    @Test
    void refusesARecordThatIsTooLargeAndGoesOn() {
        try (Journal journal = open()) {
            Draft large =
                    new Draft(
                            new RequestId(1, 2),
                            "",
                            new ObjectChange.SetAttributes(
                                    1, "key", 1, 1, Attributes.NONE.withSettings(huge()), false));
            assertThrows(IllegalArgumentException.class, () -> journal.append(large));
            assertEquals(1, appendSome(journal, 6, 1).getFirst().position());
        }
    }

    private static SortedMap<String, String> huge() {
        return new TreeMap<>(Map.of("x", "y".repeat(2 << 20)));
    }

    @Test
    void takesNothingOnceItIsClosed() {
        Journal journal = open();
        journal.close();
        CompletableFuture<JournalRecord> late = journal.append(new ChangeGenerator(8).draft());
        CompletionException failure = assertThrows(CompletionException.class, late::join);
        assertInstanceOf(JournalException.class, failure.getCause());
    }
}
