package io.varve.projections;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.WindowChange;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

class ViewBatchTest {
    private final MemoryViewStore store = new MemoryViewStore();
    private final ViewBatch batch = new ViewBatch(store);

    private static JournalRecord record(long position) {
        return new JournalRecord(
                0,
                position,
                1000 + position,
                1,
                new RequestId(3, position),
                "alice",
                new WindowChange.ConfirmDropped(0));
    }

    private static byte[] key(int... parts) {
        byte[] key = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            key[i] = (byte) parts[i];
        }
        return key;
    }

    @Test
    void showsItsOwnChangesBeforeTheStoreDoes() {
        batch.insert(key(1), key(10));
        assertArrayEquals(key(10), batch.get(key(1)));
        assertNull(store.get(key(1)));
        batch.commit(record(1));
        assertArrayEquals(key(10), store.get(key(1)));
    }

    @Test
    void laysItsChangesOverAScan() {
        batch.insert(key(1), key(10));
        batch.insert(key(2), key(20));
        batch.insert(key(4), key(40));
        batch.commit(record(1));
        batch.delete(key(2));
        batch.put(key(4), key(41));
        batch.put(key(3), key(30));
        batch.put(key(9), key(90));
        try (ViewCursor cursor = batch.scan(key(1), key(9))) {
            assertArrayEquals(key(1), cursor.key());
            cursor.next();
            assertArrayEquals(key(3), cursor.key());
            cursor.seek(key(4));
            assertArrayEquals(key(41), cursor.value());
            cursor.next();
            assertEquals(false, cursor.valid());
        }
    }

    @Test
    void writesTheCheckpointWithTheRows() {
        batch.insert(key(1), key(10));
        batch.commit(record(7));
        Checkpoint checkpoint = Checkpoint.read(store);
        assertEquals(7, checkpoint.position());
        assertEquals(true, checkpoint.madeBy(record(7)));
        assertEquals(false, checkpoint.madeBy(record(8)));
        assertEquals(checkpoint, new ViewBatch(store).checkpoint());
    }

    @Test
    void refusesACheckpointOfAnotherFormat() {
        batch.commit(record(1));
        byte[] row = store.get(key(0, 'c'));
        if (row == null) {
            throw new AssertionError("no checkpoint row");
        }
        byte[] other = row.clone();
        other[0] = 99;
        store.write(List.of(new RowChange(key(0, 'c'), other)));
        assertThrows(ViewDamagedException.class, () -> new ViewBatch(store));
    }

    @Test
    void keepsTheDigestEqualToThatOfAllRows() {
        long seed = 42;
        SplittableRandom random = new SplittableRandom(seed);
        NavigableMap<byte[], byte[]> rows = new TreeMap<>(KeyOrder.BYTES);
        for (int position = 1; position <= 2000; position++) {
            for (int i = random.nextInt(6); i > 0; i--) {
                change(random, rows);
            }
            Checkpoint checkpoint = batch.commit(record(position));
            ViewDigest digest = digest();
            assertEquals(digest, checkpoint.digest(), "seed=" + seed + ", " + position);
            assertEquals(rows.size(), count(), "seed=" + seed);
        }
    }

    private void change(SplittableRandom random, NavigableMap<byte[], byte[]> rows) {
        byte[] key = key(1 + random.nextInt(5), random.nextInt(20));
        byte[] value = key(random.nextInt(4));
        byte[] known = rows.get(key);
        if (random.nextInt(3) == 0) {
            rows.remove(key);
            if (known != null && random.nextBoolean()) {
                batch.delete(key, known);
            } else {
                batch.delete(key);
            }
            return;
        }
        rows.put(key, value);
        if (known == null && random.nextBoolean()) {
            batch.insert(key, value);
        } else {
            batch.put(key, value);
        }
    }

    private ViewDigest digest() {
        try (ViewCursor rows = store.scan(Checkpoint.firstRow(), null)) {
            return ViewDigest.of(rows);
        }
    }

    private int count() {
        int count = 0;
        try (ViewCursor rows = store.scan(Checkpoint.firstRow(), null)) {
            for (; rows.valid(); rows.next()) {
                count++;
            }
        }
        return count;
    }

    @Test
    void tellsRowsApartThatDifferInWhereTheKeyEnds() {
        batch.insert(key(1, 2), key(3));
        ViewDigest one = batch.commit(record(1)).digest();
        batch.delete(key(1, 2));
        batch.insert(key(1), key(2, 3));
        ViewDigest other = batch.commit(record(2)).digest();
        assertNotEquals(one, other);
    }

    @Test
    void addsUpOverRanges() {
        for (int i = 1; i < 50; i++) {
            batch.insert(key(i), key(i, i));
        }
        ViewDigest whole = batch.commit(record(1)).digest();
        try (ViewCursor low = store.scan(key(1), key(20));
                ViewCursor high = store.scan(key(20), null)) {
            assertEquals(whole, ViewDigest.of(low).plus(ViewDigest.of(high)));
        }
    }
}
