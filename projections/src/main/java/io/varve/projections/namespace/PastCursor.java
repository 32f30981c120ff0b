package io.varve.projections.namespace;

import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Walks over every key of which anything is kept, in order, with all that is. It reads the tables
 * side by side, row after row; only a key with a long past is asked for by seeks and then jumped
 * over.
 */
final class PastCursor implements AutoCloseable {
    /** More rows of one key in one table are not loaded. */
    private static final int LOADED_COUNT_MAX = 8;

    private final ViewReader rows;
    private final long bucketId;
    private final Stream current;
    private final Stream noncurrent;
    private final Stream history;
    private final Stream turns;
    private final List<Stream> streams;

    private byte @Nullable [] key;
    private @Nullable KeyRows keyRows;

    /** The rows of one table, and the key that the next one is about. */
    private static final class Stream implements AutoCloseable {
        private final long bucketId;
        private final byte table;
        private final ViewCursor cursor;
        private byte @Nullable [] key;

        Stream(ViewReader rows, byte table, long bucketId, byte[] from, byte[] prefix) {
            this.table = table;
            this.bucketId = bucketId;
            cursor = rows.scan(rowKey(from), KeyOrder.afterPrefix(rowKey(prefix)));
            settle();
        }

        private boolean plain() {
            return table == NamespaceKeys.CURRENT;
        }

        private byte[] rowKey(byte[] keyPrefix) {
            return plain()
                    ? NamespaceKeys.of(table, bucketId, keyPrefix)
                    : NamespaceKeys.escapedPrefix(table, bucketId, keyPrefix);
        }

        private void settle() {
            if (!cursor.valid()) {
                key = null;
            } else if (plain()) {
                key = NamespaceKeys.objectKey(cursor.key());
            } else {
                key = NamespaceKeys.unescaped(cursor.key());
            }
        }

        boolean isAt(byte[] wanted) {
            return key != null && KeyOrder.BYTES.compare(key, wanted) == 0;
        }

        /**
         * Takes the rows of a key.
         *
         * @return whether these are all; the cursor stands behind the key in any case
         */
        <T> boolean take(byte[] wanted, List<T> taken, Function<ViewCursor, T> decode) {
            while (isAt(wanted)) {
                if (taken.size() == LOADED_COUNT_MAX) {
                    skip(NamespaceKeys.escaped(table, bucketId, wanted));
                    return false;
                }
                taken.add(decode.apply(cursor));
                cursor.next();
                settle();
            }
            return true;
        }

        void skip(byte[] rowPrefix) {
            Rollup.skip(cursor, rowPrefix);
            settle();
        }

        @Override
        public void close() {
            cursor.close();
        }
    }

    /**
     * @param rows one state
     * @param from the first key that may be shown
     * @param prefix what all keys start with
     */
    PastCursor(ViewReader rows, long bucketId, byte[] from, byte[] prefix) {
        this.rows = rows;
        this.bucketId = bucketId;
        current = new Stream(rows, NamespaceKeys.CURRENT, bucketId, from, prefix);
        noncurrent = new Stream(rows, NamespaceKeys.NONCURRENT, bucketId, from, prefix);
        history = new Stream(rows, NamespaceKeys.HISTORY, bucketId, from, prefix);
        turns = new Stream(rows, NamespaceKeys.TURN, bucketId, from, prefix);
        streams = List.of(current, noncurrent, history, turns);
        next();
    }

    /** The key it stands on; null behind the last. */
    byte @Nullable [] key() {
        return key;
    }

    KeyRows rows() {
        KeyRows there = keyRows;
        if (there == null) {
            throw new IllegalStateException("no key");
        }
        return there;
    }

    void next() {
        byte[] first = null;
        for (Stream stream : streams) {
            byte[] candidate = stream.key;
            if (candidate != null
                    && (first == null || KeyOrder.BYTES.compare(candidate, first) < 0)) {
                first = candidate;
            }
        }
        key = first;
        keyRows = first == null ? null : load(first);
    }

    private KeyRows load(byte[] wanted) {
        List<VersionRow> one = new ArrayList<>(1);
        List<VersionRow> old = new ArrayList<>(0);
        List<HistoryRow> past = new ArrayList<>(1);
        List<TurnRow> turned = new ArrayList<>(0);
        current.take(wanted, one, c -> VersionRow.decode(c.value()));
        boolean all = noncurrent.take(wanted, old, c -> VersionRow.decode(c.value()));
        all &= history.take(wanted, past, c -> HistoryRow.decode(c.value()));
        all &= turns.take(wanted, turned, c -> TurnRow.decode(c.key(), c.value()));
        return all
                ? new LoadedKeyRows(one.isEmpty() ? null : one.getFirst(), old, past, turned)
                : new StoredKeyRows(rows, bucketId, wanted);
    }

    /** Goes on behind all keys that start so. */
    void skip(byte[] keyPrefix) {
        streams.forEach(stream -> stream.skip(stream.rowKey(keyPrefix)));
        next();
    }

    @Override
    public void close() {
        streams.forEach(Stream::close);
    }
}
