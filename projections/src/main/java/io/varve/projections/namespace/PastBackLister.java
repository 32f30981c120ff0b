package io.varve.projections.namespace;

import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewSnapshot;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Lists the objects that were current at a moment from the last to the first: key by key, each
 * found by seeks.
 */
final class PastBackLister {
    private static final byte[] TABLES = {
        NamespaceKeys.CURRENT, NamespaceKeys.NONCURRENT, NamespaceKeys.HISTORY
    };

    private final ViewSnapshot rows;
    private final ListQuery query;
    private final Moment moment;
    private final Rollup rollup;
    private final List<ObjectVersion> objects = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private String last = "";

    private PastBackLister(ViewSnapshot rows, ListQuery query, Moment moment) {
        this.rows = rows;
        this.query = query;
        this.moment = moment;
        rollup = Rollup.of(query.prefix(), query.delimiter());
    }

    static ListPage list(ViewSnapshot rows, ListQuery query, Moment moment) {
        if (query.limit() <= 0) {
            return new ListPage(List.of(), List.of(), null);
        }
        return new PastBackLister(rows, query, moment).page();
    }

    private ListPage page() {
        String after = query.after();
        byte[] end = after == null ? null : NamespaceKeys.utf8(after);
        for (byte[] key = before(end); key != null; key = before(end)) {
            KeyRows stored = new StoredKeyRows(rows, query.bucketId(), key);
            VersionRow row = PastRule.current(stored, moment.position());
            end = key;
            if (row == null || !Expiry.isLive(row, moment.micros())) {
                continue;
            }
            if (objects.size() + commonPrefixes.size() == query.limit()) {
                return new ListPage(objects, commonPrefixes, last);
            }
            byte[] common = rollup.commonPrefix(key);
            last = NamespaceKeys.text(common == null ? key : common);
            if (common == null) {
                objects.add(row.toVersion(query.bucketId(), last));
            } else {
                commonPrefixes.add(last);
                end = common;
            }
        }
        return new ListPage(objects, commonPrefixes, null);
    }

    /** The last key before another of which anything is kept. */
    private byte @Nullable [] before(byte @Nullable [] end) {
        byte[] found = null;
        for (byte table : TABLES) {
            byte[] from = rowKey(table, rollup.prefix());
            byte[] all = KeyOrder.afterPrefix(from);
            byte[] to = end == null ? null : rowKey(table, end);
            if (to == null || (all != null && KeyOrder.BYTES.compare(all, to) < 0)) {
                to = all;
            }
            try (ViewCursor cursor = rows.scanBack(from, to)) {
                byte[] key = cursor.valid() ? objectKey(table, cursor.key()) : null;
                if (key != null && (found == null || KeyOrder.BYTES.compare(key, found) > 0)) {
                    found = key;
                }
            }
        }
        return found;
    }

    private byte[] rowKey(byte table, byte[] keyPrefix) {
        return table == NamespaceKeys.CURRENT
                ? NamespaceKeys.of(table, query.bucketId(), keyPrefix)
                : NamespaceKeys.escapedPrefix(table, query.bucketId(), keyPrefix);
    }

    private static byte[] objectKey(byte table, byte[] rowKey) {
        return table == NamespaceKeys.CURRENT
                ? NamespaceKeys.objectKey(rowKey)
                : NamespaceKeys.unescaped(rowKey);
    }
}
