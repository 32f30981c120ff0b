package io.varve.dr.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;

final class BacklogTest {
    private static final long PATIENCE_MS = 60_000;

    private final StoredList journal = new StoredList();
    private final Backlog backlog = new Backlog(journal);

    /** What is counted without marks. */
    private long bytesBehind(long position) {
        long bytes = 0;
        for (long p = position + 1; p <= journal.endPosition(); p++) {
            bytes += journal.at(p).payload().length + blobBytes(p);
        }
        return bytes;
    }

    private static int blobBytes(long position) {
        return (int) (position * 37 % 1000);
    }

    private void put(int count) {
        for (int i = 0; i < count; i++) {
            journal.put(blobBytes(journal.endPosition() + 1));
        }
    }

    private void send(long fromPosition, int count) {
        try (StoredReader reader = journal.stored(fromPosition)) {
            List<StoredRecord> batch = reader.next(count, Long.MAX_VALUE);
            backlog.sent(batch);
        }
    }

    @Test
    void nothingIsKnownBeforeAStandbyHasSpoken() {
        put(3);
        Backlog.Now now = backlog.now(PATIENCE_MS);
        assertEquals(-1, now.records());
        assertEquals(RecordBatch.NOT_COUNTED, now.bytes());
    }

    @Test
    void recordsBytesAndTheOldestAreExactWhereverTheStandbyIs() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        long standby = 0;
        backlog.standbyHas(0);
        for (int round = 0; round < 300; round++) {
            put(random.nextInt(40));
            if (random.nextInt(3) == 0) {
                send(standby + 1, 1 + random.nextInt(20));
            }
            standby =
                    random.nextInt(20) == 0
                            ? random.nextLong(standby + 1)
                            : Math.min(journal.endPosition(), standby + random.nextInt(50));
            backlog.standbyHas(standby);
            Backlog.Now now = backlog.now(PATIENCE_MS);
            String where = "seed " + seed + ", round " + round;
            assertEquals(journal.endPosition() - standby, now.records(), where);
            assertEquals(bytesBehind(standby), now.bytes(), where);
            assertEquals(
                    standby < journal.endPosition() ? (standby + 1) * 1_000_000 : 0,
                    now.oldestMicros(),
                    where);
        }
    }

    @Test
    void whatIsSentAsItComesIsNotReadAgain() {
        backlog.standbyHas(0);
        for (int i = 0; i < 50; i++) {
            put(10);
            send(journal.endPosition() - 9, 10);
            assertEquals(bytesBehind(journal.endPosition() - 10), backlog.now(0).bytes());
            backlog.standbyHas(journal.endPosition());
        }
        assertEquals(500, journal.readCount());
    }

    @Test
    void withoutTimeItSaysThatItHasNotCounted() {
        put(5);
        backlog.standbyHas(2);
        assertEquals(RecordBatch.NOT_COUNTED, backlog.now(0).bytes());
        assertEquals(3, backlog.now(0).records());
        assertEquals(bytesBehind(2), backlog.now(PATIENCE_MS).bytes());
    }
}
