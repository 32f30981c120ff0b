package io.varve.projections;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A view's rows on the heap: for tests, and for a view that is made only to be compared. Nothing
 * outlives it. A write copies all rows while a snapshot or cursor is open, so keep it small.
 */
public final class MemoryViewStore implements ViewStore {
    private final Object lock = new Object();
    private Image image = new Image(new TreeMap<>(KeyOrder.BYTES));

    /** Rows that do not change while somebody reads them. The reader count is under the lock. */
    private static final class Image {
        final NavigableMap<byte[], byte[]> rows;
        int readerCount;

        Image(NavigableMap<byte[], byte[]> rows) {
            this.rows = rows;
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        synchronized (lock) {
            return image.rows.get(key);
        }
    }

    @Override
    public ViewCursor scan(byte[] from, byte @Nullable [] to) {
        return new MemoryCursor(open(), from, to);
    }

    @Override
    public ViewSnapshot snapshot() {
        return open();
    }

    private MemorySnapshot open() {
        synchronized (lock) {
            image.readerCount++;
            return new MemorySnapshot(image);
        }
    }

    @Override
    public void write(List<RowChange> changes) {
        synchronized (lock) {
            if (image.readerCount > 0) {
                image = new Image(new TreeMap<>(image.rows));
            }
            for (RowChange change : changes) {
                byte[] value = change.value();
                if (value == null) {
                    image.rows.remove(change.key());
                } else {
                    image.rows.put(change.key(), value);
                }
            }
        }
    }

    @Override
    public void startFlush() {
        // There is no media.
    }

    @Override
    public void flush() {
        // There is no media.
    }

    @Override
    public void close() {
        // Goes with its last reader.
    }

    private final class MemorySnapshot implements ViewSnapshot {
        private final Image image;
        private boolean closed;

        MemorySnapshot(Image image) {
            this.image = image;
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            return image.rows.get(key);
        }

        @Override
        public ViewCursor scan(byte[] from, byte @Nullable [] to) {
            synchronized (lock) {
                image.readerCount++;
            }
            return new MemoryCursor(new MemorySnapshot(image), from, to);
        }

        @Override
        public ViewCursor scanBack(byte[] from, byte @Nullable [] to) {
            synchronized (lock) {
                image.readerCount++;
            }
            return new MemoryBackCursor(new MemorySnapshot(image), from, to);
        }

        @Override
        public void close() {
            synchronized (lock) {
                if (!closed) {
                    closed = true;
                    image.readerCount--;
                }
            }
        }
    }

    private static final class MemoryCursor implements ViewCursor {
        private final MemorySnapshot snapshot;
        private final byte @Nullable [] to;
        private Iterator<Map.Entry<byte[], byte[]>> rest;
        private Map.@Nullable Entry<byte[], byte[]> row;

        MemoryCursor(MemorySnapshot snapshot, byte[] from, byte @Nullable [] to) {
            this.snapshot = snapshot;
            this.to = to;
            rest = snapshot.image.rows.tailMap(from, true).entrySet().iterator();
            next();
        }

        @Override
        public boolean valid() {
            return row != null;
        }

        private Map.Entry<byte[], byte[]> row() {
            Map.Entry<byte[], byte[]> present = row;
            if (present == null) {
                throw new IllegalStateException("no row");
            }
            return present;
        }

        @Override
        public byte[] key() {
            return row().getKey();
        }

        @Override
        public byte[] value() {
            return row().getValue();
        }

        @Override
        public void next() {
            row = rest.hasNext() ? rest.next() : null;
            if (row != null && to != null && KeyOrder.BYTES.compare(row.getKey(), to) >= 0) {
                row = null;
            }
        }

        @Override
        public void seek(byte[] key) {
            rest = snapshot.image.rows.tailMap(key, true).entrySet().iterator();
            next();
        }

        @Override
        public void close() {
            snapshot.close();
        }
    }

    private static final class MemoryBackCursor implements ViewCursor {
        private final MemorySnapshot snapshot;
        private final byte[] from;
        private Map.@Nullable Entry<byte[], byte[]> row;

        MemoryBackCursor(MemorySnapshot snapshot, byte[] from, byte @Nullable [] to) {
            this.snapshot = snapshot;
            this.from = from;
            stand(to == null ? snapshot.image.rows.lastEntry() : before(to));
        }

        private Map.@Nullable Entry<byte[], byte[]> before(byte[] key) {
            return snapshot.image.rows.lowerEntry(key);
        }

        private void stand(Map.@Nullable Entry<byte[], byte[]> entry) {
            boolean within = entry != null && KeyOrder.BYTES.compare(entry.getKey(), from) >= 0;
            row = within ? entry : null;
        }

        private Map.Entry<byte[], byte[]> row() {
            Map.Entry<byte[], byte[]> present = row;
            if (present == null) {
                throw new IllegalStateException("no row");
            }
            return present;
        }

        @Override
        public boolean valid() {
            return row != null;
        }

        @Override
        public byte[] key() {
            return row().getKey();
        }

        @Override
        public byte[] value() {
            return row().getValue();
        }

        @Override
        public void next() {
            stand(before(key()));
        }

        @Override
        public void seek(byte[] key) {
            stand(before(key));
        }

        @Override
        public void close() {
            snapshot.close();
        }
    }
}
