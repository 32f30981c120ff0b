package io.varve.projections.namespace;

import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;

import org.jspecify.annotations.Nullable;

/** Reads what is asked for, with one seek for each question, however much there is. */
final class StoredKeyRows implements KeyRows {
    private final ViewReader rows;
    private final long bucketId;
    private final byte[] key;

    StoredKeyRows(ViewReader rows, long bucketId, byte[] key) {
        this.rows = rows;
        this.bucketId = bucketId;
        this.key = key;
    }

    @Override
    public @Nullable VersionRow current() {
        byte[] value = rows.get(NamespaceKeys.of(NamespaceKeys.CURRENT, bucketId, key));
        return value == null ? null : VersionRow.decode(value);
    }

    @Override
    public @Nullable VersionRow noncurrent(long throughPosition) {
        try (ViewCursor cursor = from(NamespaceKeys.NONCURRENT, throughPosition)) {
            return cursor.valid() ? VersionRow.decode(cursor.value()) : null;
        }
    }

    @Override
    public @Nullable HistoryRow history(long throughPosition) {
        try (ViewCursor cursor = from(NamespaceKeys.HISTORY, throughPosition)) {
            return cursor.valid() ? HistoryRow.decode(cursor.value()) : null;
        }
    }

    @Override
    public @Nullable HistoryRow history(long position, long momentPosition) {
        byte[] version = NamespaceKeys.version(NamespaceKeys.HISTORY, bucketId, key, position);
        byte[] start = NamespaceKeys.historyFrom(bucketId, key, position, momentPosition);
        try (ViewCursor revised = rows.scan(start, KeyOrder.afterPrefix(version))) {
            if (revised.valid()) {
                return HistoryRow.decode(revised.value());
            }
        }
        byte[] first = rows.get(version);
        return first == null ? null : HistoryRow.decode(first);
    }

    @Override
    public @Nullable TurnRow turn(long throughPosition) {
        try (ViewCursor cursor = from(NamespaceKeys.TURN, throughPosition)) {
            return cursor.valid() ? TurnRow.decode(cursor.key(), cursor.value()) : null;
        }
    }

    private ViewCursor from(byte table, long throughPosition) {
        byte[] all = NamespaceKeys.escaped(table, bucketId, key);
        byte[] start = NamespaceKeys.version(table, bucketId, key, throughPosition);
        return rows.scan(start, KeyOrder.afterPrefix(all));
    }
}
