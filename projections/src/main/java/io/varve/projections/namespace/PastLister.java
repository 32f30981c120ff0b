package io.varve.projections.namespace;

import io.varve.projections.ViewReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Lists the objects that were current at a moment. What it reads depends on the page, and on the
 * keys between that have come and gone.
 */
final class PastLister {
    private final ListQuery query;
    private final Moment moment;
    private final Rollup rollup;
    private final List<ObjectVersion> objects = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private String last = "";

    private PastLister(ListQuery query, Moment moment) {
        this.query = query;
        this.moment = moment;
        rollup = Rollup.of(query.prefix(), query.delimiter());
    }

    static ListPage list(ViewReader rows, ListQuery query, Moment moment) {
        if (query.limit() <= 0) {
            return new ListPage(List.of(), List.of(), null);
        }
        return new PastLister(query, moment).page(rows);
    }

    private ListPage page(ViewReader rows) {
        byte[] start = rollup.start(query.after());
        try (PastCursor cursor = new PastCursor(rows, query.bucketId(), start, rollup.prefix())) {
            for (byte[] key = cursor.key(); key != null; key = cursor.key()) {
                VersionRow row = PastRule.current(cursor.rows(), moment.position());
                if (!Expiry.isLive(row, moment.micros())) {
                    cursor.next();
                } else if (objects.size() + commonPrefixes.size() == query.limit()) {
                    return new ListPage(objects, commonPrefixes, last);
                } else {
                    take(cursor, key, row);
                }
            }
        }
        return new ListPage(objects, commonPrefixes, null);
    }

    private void take(PastCursor cursor, byte[] key, @Nullable VersionRow row) {
        byte[] common = rollup.commonPrefix(key);
        if (common != null) {
            last = NamespaceKeys.text(common);
            commonPrefixes.add(last);
            cursor.skip(common);
        } else if (row != null) {
            last = NamespaceKeys.text(key);
            objects.add(row.toVersion(query.bucketId(), last));
            cursor.next();
        }
    }
}
