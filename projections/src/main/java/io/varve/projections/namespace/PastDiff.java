package io.varve.projections.namespace;

import io.varve.projections.KeyOrder;
import io.varve.projections.ViewReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Compares a bucket at two moments in one walk over what is kept of it, or two buckets in a walk
 * side by side. Two versions are the same when their bytes, tag and attributes are: a copy of what
 * was is no difference to it.
 */
final class PastDiff {
    private final DiffQuery query;
    private final List<DiffPage.Difference> differences = new ArrayList<>();
    private long same;
    private int seen;
    private @Nullable String last;

    private PastDiff(DiffQuery query) {
        this.query = query;
    }

    static DiffPage page(ViewReader rows, DiffQuery query) {
        return new PastDiff(query).page(rows);
    }

    private DiffPage page(ViewReader rows) {
        Rollup rollup = Rollup.of(query.prefix(), "");
        byte[] start = rollup.start(query.after());
        long fromId = query.from().bucketId();
        long toId = query.to().bucketId();
        try (PastCursor to = new PastCursor(rows, toId, start, rollup.prefix())) {
            if (fromId == toId) {
                return oneWalk(to);
            }
            try (PastCursor from = new PastCursor(rows, fromId, start, rollup.prefix())) {
                return sideBySide(from, to);
            }
        }
    }

    private DiffPage oneWalk(PastCursor cursor) {
        for (byte[] key = cursor.key(); key != null; key = cursor.key()) {
            if (isFull()) {
                return new DiffPage(differences, same, last);
            }
            VersionRow before = at(cursor.rows(), query.from().moment());
            take(key, before, at(cursor.rows(), query.to().moment()));
            cursor.next();
        }
        return new DiffPage(differences, same, null);
    }

    private DiffPage sideBySide(PastCursor from, PastCursor to) {
        for (byte[] key = first(from, to); key != null; key = first(from, to)) {
            if (isFull()) {
                return new DiffPage(differences, same, last);
            }
            VersionRow before = isAt(from, key) ? at(from.rows(), query.from().moment()) : null;
            VersionRow after = isAt(to, key) ? at(to.rows(), query.to().moment()) : null;
            boolean moveFrom = isAt(from, key);
            boolean moveTo = isAt(to, key);
            take(key, before, after);
            if (moveFrom) {
                from.next();
            }
            if (moveTo) {
                to.next();
            }
        }
        return new DiffPage(differences, same, null);
    }

    private static byte @Nullable [] first(PastCursor a, PastCursor b) {
        byte[] one = a.key();
        byte[] other = b.key();
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return KeyOrder.BYTES.compare(one, other) <= 0 ? one : other;
    }

    private static boolean isAt(PastCursor cursor, byte[] key) {
        byte[] there = cursor.key();
        return there != null && KeyOrder.BYTES.compare(there, key) == 0;
    }

    private boolean isFull() {
        return differences.size() == query.limit() || seen == query.scanLimit();
    }

    private void take(byte[] keyBytes, @Nullable VersionRow before, @Nullable VersionRow after) {
        seen++;
        String key = NamespaceKeys.text(keyBytes);
        last = key;
        if (before == null && after == null) {
            return;
        }
        DiffPage.Difference difference = compare(key, before, after);
        if (difference == null) {
            same++;
        } else {
            differences.add(difference);
        }
    }

    private static @Nullable VersionRow at(KeyRows rows, Moment moment) {
        VersionRow row = PastRule.current(rows, moment.position());
        return Expiry.isLive(row, moment.micros()) ? row : null;
    }

    private DiffPage.@Nullable Difference compare(
            String key, @Nullable VersionRow before, @Nullable VersionRow after) {
        boolean oneVersion =
                before != null
                        && after != null
                        && query.from().bucketId() == query.to().bucketId()
                        && before.position() == after.position();
        if (before != null
                && after != null
                && oneVersion
                && before.revision() == after.revision()) {
            return null;
        }
        ObjectVersion was = before == null ? null : before.toVersion(query.from().bucketId(), key);
        ObjectVersion is = after == null ? null : after.toVersion(query.to().bucketId(), key);
        boolean sameBytes =
                before != null
                        && after != null
                        && (oneVersion || before.content().id() == after.content().id())
                        && before.etag().equals(after.etag());
        if (sameBytes && was != null && is != null && was.attributes().equals(is.attributes())) {
            return null;
        }
        return new DiffPage.Difference(key, was, is, sameBytes);
    }
}
