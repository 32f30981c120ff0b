package io.varve.projections.namespace;

import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;
import io.varve.projections.ViewSnapshot;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Lists current objects, in either direction. What it reads depends on the page alone. */
final class ObjectLister {
    private final ListQuery query;
    private final boolean back;
    private final Rollup rollup;
    private final List<ObjectVersion> objects = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private String last = "";

    private ObjectLister(ListQuery query, boolean back) {
        this.query = query;
        this.back = back;
        rollup = Rollup.of(query.prefix(), query.delimiter());
    }

    static ListPage list(ViewReader rows, ListQuery query) {
        if (query.limit() <= 0) {
            return new ListPage(List.of(), List.of(), null);
        }
        ObjectLister lister = new ObjectLister(query, false);
        byte[] start = lister.rowKey(lister.rollup.start(query.after()));
        return lister.page(rows.scan(start, lister.afterAll()));
    }

    /** From the last key to the first. */
    static ListPage listBack(ViewSnapshot rows, ListQuery query) {
        if (query.limit() <= 0) {
            return new ListPage(List.of(), List.of(), null);
        }
        ObjectLister lister = new ObjectLister(query, true);
        return lister.page(rows.scanBack(lister.rowKey(lister.rollup.prefix()), lister.end()));
    }

    private byte @Nullable [] afterAll() {
        return KeyOrder.afterPrefix(rowKey(rollup.prefix()));
    }

    /** Everything under a common prefix comes behind it, so one bound does for both. */
    private byte @Nullable [] end() {
        byte[] all = afterAll();
        String after = query.after();
        if (after == null) {
            return all;
        }
        byte[] before = rowKey(NamespaceKeys.utf8(after));
        return all == null || KeyOrder.BYTES.compare(before, all) < 0 ? before : all;
    }

    private ListPage page(ViewCursor rows) {
        try (ViewCursor cursor = rows) {
            while (cursor.valid()) {
                if (hasExpired(cursor)) {
                    cursor.next();
                    continue;
                }
                if (objects.size() + commonPrefixes.size() == query.limit()) {
                    return new ListPage(objects, commonPrefixes, last);
                }
                take(cursor);
            }
        }
        return new ListPage(objects, commonPrefixes, null);
    }

    private byte[] rowKey(byte[] key) {
        return NamespaceKeys.of(NamespaceKeys.CURRENT, query.bucketId(), key);
    }

    private boolean hasExpired(ViewCursor cursor) {
        return query.atSeconds() != ListQuery.EXPIRED_TOO
                && VersionRow.expiresSeconds(cursor.value()) <= query.atSeconds();
    }

    private void take(ViewCursor cursor) {
        byte[] key = NamespaceKeys.objectKey(cursor.key());
        byte[] common = rollup.commonPrefix(key);
        if (common != null) {
            last = NamespaceKeys.text(common);
            commonPrefixes.add(last);
            if (back) {
                cursor.seek(rowKey(common));
            } else {
                Rollup.skip(cursor, rowKey(common));
            }
            return;
        }
        last = NamespaceKeys.text(key);
        objects.add(VersionRow.decode(cursor.value()).toVersion(query.bucketId(), last));
        cursor.next();
    }
}
