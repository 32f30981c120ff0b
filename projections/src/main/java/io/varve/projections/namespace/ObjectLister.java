package io.varve.projections.namespace;

import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;

import java.util.ArrayList;
import java.util.List;

/** Lists current objects. What it reads depends on the page alone. */
final class ObjectLister {
    private final ListQuery query;
    private final Rollup rollup;
    private final List<ObjectVersion> objects = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private String last = "";

    private ObjectLister(ListQuery query) {
        this.query = query;
        rollup = Rollup.of(query.prefix(), query.delimiter());
    }

    static ListPage list(ViewReader rows, ListQuery query) {
        if (query.limit() <= 0) {
            return new ListPage(List.of(), List.of(), null);
        }
        return new ObjectLister(query).page(rows);
    }

    private ListPage page(ViewReader rows) {
        byte[] start = rowKey(rollup.start(query.after()));
        try (ViewCursor cursor = rows.scan(start, KeyOrder.afterPrefix(rowKey(rollup.prefix())))) {
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
            Rollup.skip(cursor, rowKey(common));
            return;
        }
        last = NamespaceKeys.text(key);
        objects.add(VersionRow.decode(cursor.value()).toVersion(query.bucketId(), last));
        cursor.next();
    }
}
