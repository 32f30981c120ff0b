package io.varve.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.JournalRecord;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What every {@link StoredJournal} promises, whatever it is kept in. */
public abstract class StoredJournalContract {
    private static final int COUNT = 300;
    private static final long NEXT_TERM = 1L << 32;

    /**
     * Opens one of two journals of different sites; what it held when it was closed is there again.
     */
    protected abstract StoredJournal open(String site, boolean follows);

    protected static List<JournalRecord> appendSome(Journal journal, long seed, int count) {
        ChangeGenerator changes = new ChangeGenerator(seed);
        List<CompletableFuture<JournalRecord>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(journal.append(changes.draft()));
        }
        return futures.stream().map(CompletableFuture::join).toList();
    }

    protected static List<StoredRecord> stored(StoredJournal journal, long from) {
        try (StoredReader reader = journal.stored(from)) {
            return reader.next(Integer.MAX_VALUE, Long.MAX_VALUE);
        }
    }

    private static List<JournalRecord> records(Journal journal) {
        try (RecordReader reader = journal.read(1)) {
            return reader.next(Integer.MAX_VALUE);
        }
    }

    @Test
    void aFollowerHoldsTheSameRecordsWithTheSameChain() {
        try (StoredJournal first = open("first", false);
                StoredJournal second = open("second", true)) {
            List<JournalRecord> written = appendSome(first, 1, COUNT);
            List<StoredRecord> shipped = stored(first, 1);
            second.appendStored(shipped.subList(0, 100));
            second.appendStored(shipped.subList(100, COUNT));
            assertEquals(COUNT, second.endPosition());
            assertEquals(written, records(second));
            assertArrayEquals(first.chainHash(COUNT), second.chainHash(COUNT));
            assertArrayEquals(first.chainHash(57), second.chainHash(57));
        }
    }

    @Test
    void aFollowerGoesOnWhereItWasAfterBeingReopened() {
        try (StoredJournal first = open("first", false)) {
            appendSome(first, 2, COUNT);
            List<StoredRecord> shipped = stored(first, 1);
            for (int round = 0; round < 3; round++) {
                try (StoredJournal second = open("second", true)) {
                    assertEquals(round * 100, second.endPosition());
                    second.appendStored(shipped.subList(round * 100, round * 100 + 100));
                }
            }
            try (StoredJournal second = open("second", true)) {
                assertArrayEquals(first.chainHash(COUNT), second.chainHash(COUNT));
                assertEquals(first.writerEpoch(), second.writerEpoch());
            }
        }
    }

    @Test
    void aFollowerRefusesWhatDoesNotGoOnWhereItEnds() {
        try (StoredJournal first = open("first", false);
                StoredJournal other = open("other", false);
                StoredJournal second = open("second", true)) {
            appendSome(first, 3, 20);
            appendSome(other, 4, 20);
            List<StoredRecord> shipped = stored(first, 1);
            List<StoredRecord> foreign = stored(other, 1);
            second.appendStored(shipped.subList(0, 10));
            assertRefused(second, shipped.subList(11, 12));
            assertRefused(second, shipped.subList(9, 10));
            assertRefused(second, foreign.subList(10, 11));
            assertRefused(second, List.of(shipped.get(10), foreign.get(11)));
            assertRefused(second, List.of(changed(shipped.get(10))));
            assertEquals(10, second.endPosition());
            second.appendStored(shipped.subList(10, 20));
            assertEquals(20, second.endPosition());
        }
    }

    private static StoredRecord changed(StoredRecord record) {
        byte[] payload = record.payload().clone();
        payload[payload.length / 2] ^= 1;
        return new StoredRecord(
                record.partition(),
                record.position(),
                record.timeMicros(),
                record.writerEpoch(),
                record.chain(),
                payload);
    }

    private static void assertRefused(StoredJournal journal, List<StoredRecord> records) {
        assertThrows(JournalException.class, () -> journal.appendStored(records));
    }

    @Test
    void aFollowerTakesNoDraftsAndALeaderNoStoredRecords() {
        try (StoredJournal first = open("first", false);
                StoredJournal second = open("second", true)) {
            assertTrue(first.leads());
            assertFalse(second.leads());
            appendSome(first, 5, 1);
            assertRefused(first, stored(first, 1));
            CompletableFuture<JournalRecord> refused =
                    second.append(new ChangeGenerator(6).draft());
            assertThrows(CompletionException.class, refused::join);
            assertEquals(0, second.endPosition());
        }
    }

    @Test
    void oneThatBeginsToLeadGoesOnInItsEpochAndOlderEpochsAreRefused() {
        try (StoredJournal first = open("first", false)) {
            appendSome(first, 7, 50);
            try (StoredJournal second = open("second", true)) {
                second.appendStored(stored(first, 1));
                assertEquals(NEXT_TERM, second.lead(NEXT_TERM));
                assertEquals(NEXT_TERM, second.lead(1));
                assertThrows(JournalException.class, () -> second.lead(NEXT_TERM + 1));
                List<JournalRecord> own = appendSome(second, 8, 10);
                assertEquals(51, own.getFirst().position());
                assertEquals(NEXT_TERM, own.getFirst().writerEpoch());
                appendSome(first, 9, 10);
            }
            try (StoredJournal second = open("second", true)) {
                assertEquals(60, second.endPosition());
                assertEquals(NEXT_TERM, second.writerEpoch());
                appendSome(first, 10, 1);
                assertRefused(second, stored(first, 61));
            }
            try (StoredJournal second = open("second", true)) {
                assertTrue(second.lead(0) > NEXT_TERM);
            }
            try (StoredJournal second = open("second", false)) {
                assertTrue(second.writerEpoch() > NEXT_TERM);
            }
        }
    }

    @Test
    void aReaderOfStoredRecordsSeesWhatHasBecomeDurableSince() throws InterruptedException {
        try (StoredJournal first = open("first", false);
                StoredReader reader = first.stored(1)) {
            assertEquals(List.of(), reader.next(10, Long.MAX_VALUE));
            assertFalse(first.awaitDurable(1, Duration.ofMillis(1)));
            appendSome(first, 11, 25);
            assertTrue(first.awaitDurable(25, Duration.ZERO));
            assertEquals(10, reader.next(10, Long.MAX_VALUE).size());
            assertEquals(11, reader.nextPosition());
            assertEquals(1, reader.next(10, 1).size());
            assertEquals(14, reader.next(100, Long.MAX_VALUE).size());
            assertEquals(List.of(), reader.next(10, Long.MAX_VALUE));
        }
    }
}
