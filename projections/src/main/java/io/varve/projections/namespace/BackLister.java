package io.varve.projections.namespace;

import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewSnapshot;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Lists current objects from the last to the first. What it reads depends on the page alone. */
final class BackLister {
    private final ListQuery query;
    private final Rollup rollup;
    private final List<ObjectVersion> objects = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private String last = "";

    private BackLister(ListQuery query) {
        this.query = query;
        rollup = Rollup.of(query.prefix(), query.delimiter());
    }

    static ListPage list(ViewSnapshot rows, ListQuery query) {
        if (query.limit() <= 0) {
            return new ListPage(List.of(), List.of(), null);
        }
        return new BackLister(query).page(rows);
    }

    private ListPage page(ViewSnapshot rows) {
        try (ViewCursor cursor = rows.scanBack(rowKey(rollup.prefix()), end())) {
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

    /** Everything under a common prefix comes behind it, so one bound does for both. */
    private byte @Nullable [] end() {
        byte[] all = KeyOrder.afterPrefix(rowKey(rollup.prefix()));
        String after = query.after();
        if (after == null) {
            return all;
        }
        byte[] before = rowKey(NamespaceKeys.utf8(after));
        return all == null || KeyOrder.BYTES.compare(before, all) < 0 ? before : all;
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
            cursor.seek(rowKey(common));
            return;
        }
        last = NamespaceKeys.text(key);
        objects.add(VersionRow.decode(cursor.value()).toVersion(query.bucketId(), last));
        cursor.next();
    }
}
