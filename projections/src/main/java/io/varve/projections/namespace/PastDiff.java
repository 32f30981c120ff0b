package io.varve.projections.namespace;

import io.varve.projections.ViewReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Compares a bucket at two moments in one walk over what is kept of it. Two versions are the same
 * when their bytes, tag and attributes are: a copy of what was is no difference to it.
 */
final class PastDiff {
    private PastDiff() {}

    static DiffPage page(ViewReader rows, DiffQuery query) {
        List<DiffPage.Difference> differences = new ArrayList<>();
        long same = 0;
        int seen = 0;
        String last = null;
        Rollup rollup = Rollup.of(query.prefix(), "");
        byte[] start = rollup.start(query.after());
        try (PastCursor cursor = new PastCursor(rows, query.bucketId(), start, rollup.prefix())) {
            for (byte[] key = cursor.key(); key != null; key = cursor.key()) {
                if (differences.size() == query.limit() || seen == query.scanLimit()) {
                    return new DiffPage(differences, same, last);
                }
                seen++;
                last = NamespaceKeys.text(key);
                VersionRow before = at(cursor.rows(), query.from());
                VersionRow after = at(cursor.rows(), query.to());
                if (before != null || after != null) {
                    DiffPage.Difference difference = compare(query, last, before, after);
                    if (difference == null) {
                        same++;
                    } else {
                        differences.add(difference);
                    }
                }
                cursor.next();
            }
        }
        return new DiffPage(differences, same, null);
    }

    private static @Nullable VersionRow at(KeyRows rows, Moment moment) {
        VersionRow row = PastRule.current(rows, moment.position());
        return Expiry.isLive(row, moment.micros()) ? row : null;
    }

    private static DiffPage.@Nullable Difference compare(
            DiffQuery query, String key, @Nullable VersionRow before, @Nullable VersionRow after) {
        if (before != null
                && after != null
                && before.position() == after.position()
                && before.revision() == after.revision()) {
            return null;
        }
        ObjectVersion was = before == null ? null : before.toVersion(query.bucketId(), key);
        ObjectVersion is = after == null ? null : after.toVersion(query.bucketId(), key);
        boolean sameBytes =
                before != null
                        && after != null
                        && (before.position() == after.position()
                                || before.content().id() == after.content().id())
                        && before.etag().equals(after.etag());
        if (sameBytes && was != null && is != null && was.attributes().equals(is.attributes())) {
            return null;
        }
        return new DiffPage.Difference(key, was, is, sameBytes);
    }
}
