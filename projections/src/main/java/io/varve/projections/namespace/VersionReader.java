package io.varve.projections.namespace;

import io.varve.journal.record.VersionId;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;

import org.jspecify.annotations.Nullable;

/**
 * Finds the versions of a key. Where they are:
 *
 * <ul>
 *   <li>current: the version that a plain read finds, always an object. There is a row exactly when
 *       such a read finds one.
 *   <li>noncurrent: all others that are kept, and all delete markers, the newest version too when
 *       it is one.
 *   <li>history: what S3 shows no longer.
 * </ul>
 *
 * Mostly the current version is the newest. A version that was restored is current though there are
 * newer ones. A key whose current version was removed alone, or withdrawn, has no current row, and
 * its newest version need not be a delete marker: it reads as absent all the same.
 */
final class VersionReader {
    private final ViewReader rows;

    VersionReader(ViewReader rows) {
        this.rows = rows;
    }

    @Nullable VersionRow current(long bucketId, byte[] key) {
        return decode(rows.get(NamespaceKeys.of(NamespaceKeys.CURRENT, bucketId, key)));
    }

    @Nullable VersionRow noncurrent(long bucketId, byte[] key, long position) {
        return decode(
                rows.get(NamespaceKeys.version(NamespaceKeys.NONCURRENT, bucketId, key, position)));
    }

    private static @Nullable VersionRow decode(byte @Nullable [] value) {
        return value == null ? null : VersionRow.decode(value);
    }

    @Nullable VersionRow newestNoncurrent(long bucketId, byte[] key) {
        byte[] prefix = NamespaceKeys.escaped(NamespaceKeys.NONCURRENT, bucketId, key);
        try (ViewCursor cursor = rows.scan(prefix, KeyOrder.afterPrefix(prefix))) {
            return cursor.valid() ? VersionRow.decode(cursor.value()) : null;
        }
    }

    /**
     * The position of the null version when it is noncurrent; 0 when it is not, or there is none.
     */
    long noncurrentNullPosition(long bucketId, byte[] key) {
        byte[] value = rows.get(NamespaceKeys.of(NamespaceKeys.NULL_POSITION, bucketId, key));
        return value == null ? 0 : new RowReader(value).varint();
    }

    /** The version that S3 knows by this id. */
    @Nullable VersionRow shown(long bucketId, byte[] key, VersionId version) {
        VersionRow current = current(bucketId, key);
        if (current != null && matches(current, version)) {
            return current;
        }
        if (!version.isNull()) {
            VersionRow row = noncurrent(bucketId, key, version.position());
            return row != null && !row.nullVersion() ? row : null;
        }
        long position = noncurrentNullPosition(bucketId, key);
        return position == 0 ? null : noncurrent(bucketId, key, position);
    }

    static boolean matches(VersionRow row, VersionId version) {
        return version.isNull()
                ? row.nullVersion()
                : !row.nullVersion() && row.position() == version.position();
    }

    /** The version that a record made, wherever it is by now. */
    @Nullable VersionRow madeAt(long bucketId, byte[] key, long position) {
        VersionRow shown = shownAt(bucketId, key, position);
        if (shown != null) {
            return shown;
        }
        return past(bucketId, key, position);
    }

    /** What a version said at first, or if that is forgotten, the next that is not. */
    private @Nullable VersionRow past(long bucketId, byte[] key, long position) {
        byte[] first = NamespaceKeys.version(NamespaceKeys.HISTORY, bucketId, key, position);
        byte[] atFirst = rows.get(first);
        if (atFirst != null) {
            return HistoryRow.decode(atFirst).row();
        }
        VersionRow found = null;
        try (ViewCursor cursor = rows.scan(first, KeyOrder.afterPrefix(first))) {
            for (; cursor.valid(); cursor.next()) {
                found = HistoryRow.decode(cursor.value()).row();
            }
        }
        return found;
    }

    /** The version that a record made, if S3 shows it. */
    @Nullable VersionRow shownAt(long bucketId, byte[] key, long position) {
        VersionRow current = current(bucketId, key);
        return current != null && current.position() == position
                ? current
                : noncurrent(bucketId, key, position);
    }
}
