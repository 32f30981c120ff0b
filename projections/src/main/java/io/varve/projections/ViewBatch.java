package io.varve.projections;

import io.varve.journal.record.JournalRecord;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The changes of some records to a view, before they are written: reads see them at once, the store
 * sees them all together at {@link #commit}. Keeps the digest. Single-threaded: owned by the thread
 * that folds.
 *
 * <p>A row that is read or written twice in a batch is read from the store once and hashed once.
 * Only what has been written is kept in order: a scan finds the rest in the store.
 */
public final class ViewBatch implements ViewReader {
    private final ViewStore store;
    private final Map<Key, Row> rows = new HashMap<>();
    private final NavigableMap<byte[], Row> written = new TreeMap<>(KeyOrder.BYTES);
    private final NavigableMap<byte[], byte[]> besides = new TreeMap<>(KeyOrder.BYTES);
    private final RowHash hash;
    private final @Nullable KnownKeys known;
    private Checkpoint checkpoint;

    @SuppressWarnings("ArrayRecordComponent")
    private record Key(byte[] bytes) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key(byte[] theirs) && Arrays.equals(bytes, theirs);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    /** A row as the store has it, and as it will be. */
    private static final class Row {
        final byte @Nullable [] stored;
        byte @Nullable [] value;
        boolean isWritten;

        Row(byte @Nullable [] stored, byte @Nullable [] value) {
            this.stored = stored;
            this.value = value;
        }

        boolean changed() {
            return !Arrays.equals(stored, value);
        }
    }

    public ViewBatch(ViewStore store) {
        this(store, false);
    }

    private ViewBatch(ViewStore store, boolean remembersKeys) {
        this.store = store;
        checkpoint = Checkpoint.read(store);
        hash = new RowHash(checkpoint.digest());
        known = remembersKeys && checkpoint.position() == 0 ? new KnownKeys() : null;
    }

    /**
     * For a store into which much is to be folded at once. When it is empty, what keys it gets is
     * remembered here, so that rows that are not there need not be looked for. It must be written
     * to by nobody else.
     */
    public static ViewBatch forReplay(ViewStore store) {
        return new ViewBatch(store, true);
    }

    /** What was last committed. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return row(key).value;
    }

    private Row row(byte[] key) {
        return rows.computeIfAbsent(new Key(key), wanted -> load(wanted.bytes()));
    }

    private Row load(byte[] key) {
        byte[] stored = known != null && !known.mayHold(key) ? null : store.get(key);
        return new Row(stored, stored);
    }

    private void write(byte[] key, Row row, byte @Nullable [] value) {
        row.value = value;
        if (!row.isWritten) {
            row.isWritten = true;
            written.put(key, row);
        }
    }

    public void put(byte[] key, byte[] value) {
        write(key, row(key), value);
    }

    /**
     * As {@link #put}, for a key that is not there, which saves a read. The caller must be certain:
     * otherwise the digest is wrong from here on.
     */
    public void insert(byte[] key, byte[] value) {
        write(key, rows.computeIfAbsent(new Key(key), absent -> new Row(null, null)), value);
    }

    public void delete(byte[] key) {
        write(key, row(key), null);
    }

    /** As {@link #delete}, for a row whose value a scan has just shown, which saves a read. */
    public void delete(byte[] key, byte[] value) {
        write(key, rows.computeIfAbsent(new Key(key), shown -> new Row(value, value)), null);
    }

    /**
     * A row of the store's own, under {@link Checkpoint#TABLE}: written with the next checkpoint,
     * and no part of the digest.
     */
    public void putWithCheckpoint(byte[] key, byte[] value) {
        if (key[0] != Checkpoint.TABLE) {
            throw new IllegalArgumentException("a row of the view: table=" + key[0]);
        }
        besides.put(key, value);
    }

    /** Rows may be changed while a scan is open; whether it still shows them is undefined. */
    @Override
    public ViewCursor scan(byte[] from, byte @Nullable [] to) {
        return new BatchCursor(this, store.scan(from, to), from, to);
    }

    /** The first row at or after a key that this batch has written, gone or not. */
    @Nullable KnownRow ceiling(byte[] key, byte @Nullable [] to) {
        Map.Entry<byte[], Row> entry = written.ceilingEntry(key);
        if (entry == null || (to != null && KeyOrder.BYTES.compare(entry.getKey(), to) >= 0)) {
            return null;
        }
        return new KnownRow(entry.getKey(), entry.getValue().value);
    }

    /** A key and the value it will have; null when it will have none. */
    @SuppressWarnings("ArrayRecordComponent")
    record KnownRow(byte[] key, byte @Nullable [] value) {}

    /**
     * Writes the changes, and with them that the view has now applied everything through a record.
     */
    public Checkpoint commit(JournalRecord last) {
        List<RowChange> changes = new ArrayList<>(written.size() + besides.size() + 1);
        written.forEach(
                (key, row) -> {
                    if (row.changed()) {
                        if (row.stored != null) {
                            hash.remove(key, row.stored);
                        }
                        if (row.value != null) {
                            hash.add(key, row.value);
                        }
                        changes.add(new RowChange(key, row.value));
                        if (known != null) {
                            known.add(key);
                        }
                    }
                });
        checkpoint = Checkpoint.of(last, hash.digest());
        changes.add(checkpoint.toRow());
        besides.forEach((key, value) -> changes.add(new RowChange(key, value)));
        store.write(changes);
        rows.clear();
        written.clear();
        besides.clear();
        return checkpoint;
    }
}
