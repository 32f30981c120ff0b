package io.varve.projections.namespace;

import io.varve.journal.record.VersionId;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lists versions: walks the current and the noncurrent ones side by side. */
final class VersionLister {
    private final VersionListQuery query;
    private final Rollup rollup;
    private final VersionReader reader;
    private final List<VersionListPage.ListedVersion> versions = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();

    /** The key within which the page starts; null when it starts with a new key. */
    private final byte @Nullable [] resumedKey;

    /** Of the resumed key only versions before this position are listed. */
    private final long resumedPosition;

    private byte @Nullable [] previousKey;
    private String lastKey = "";
    private @Nullable VersionId lastVersion;

    private VersionLister(ViewReader rows, VersionListQuery query) {
        this.query = query;
        rollup = Rollup.of(query.prefix(), query.delimiter());
        reader = new VersionReader(rows);
        String marker = query.keyMarker();
        VersionId version = query.versionMarker();
        if (marker == null || version == null) {
            resumedKey = null;
            resumedPosition = 0;
        } else {
            resumedKey = NamespaceKeys.utf8(marker);
            resumedPosition = position(resumedKey, version);
        }
    }

    /**
     * A null version that has gone meanwhile left no place to go on from: then the key is listed
     * from its newest version again, so that a client that deletes page by page misses none.
     */
    private long position(byte[] key, VersionId version) {
        if (!version.isNull()) {
            return version.position();
        }
        VersionRow row = reader.shown(query.bucketId(), key, version);
        return row == null ? Long.MAX_VALUE : row.position();
    }

    /**
     * @param rows one state: it is read several times
     */
    static VersionListPage list(ViewReader rows, VersionListQuery query) {
        if (query.limit() <= 0) {
            return new VersionListPage(List.of(), List.of(), null, null);
        }
        return new VersionLister(rows, query).page(rows);
    }

    private VersionListPage page(ViewReader rows) {
        byte[] start = resumedKey == null ? rollup.start(query.keyMarker()) : resumedKey;
        byte[] prefix = rollup.prefix();
        byte[] first = KeyOrder.BYTES.compare(start, prefix) < 0 ? prefix : start;
        try (ViewCursor current =
                        rows.scan(currentKey(first), KeyOrder.afterPrefix(currentKey(prefix)));
                ViewCursor noncurrent =
                        rows.scan(
                                noncurrentStart(first),
                                KeyOrder.afterPrefix(noncurrentKey(prefix)))) {
            skipShown(current);
            while (current.valid() || noncurrent.valid()) {
                if (versions.size() + commonPrefixes.size() == query.limit()) {
                    return new VersionListPage(versions, commonPrefixes, lastKey, lastVersion);
                }
                take(current, noncurrent);
            }
        }
        return new VersionListPage(versions, commonPrefixes, null, null);
    }

    private byte[] currentKey(byte[] key) {
        return NamespaceKeys.of(NamespaceKeys.CURRENT, query.bucketId(), key);
    }

    private byte[] noncurrentKey(byte[] key) {
        return NamespaceKeys.escapedPrefix(NamespaceKeys.NONCURRENT, query.bucketId(), key);
    }

    private byte[] noncurrentStart(byte[] first) {
        return Arrays.equals(first, resumedKey)
                ? NamespaceKeys.version(
                        NamespaceKeys.NONCURRENT, query.bucketId(), first, resumedPosition - 1)
                : noncurrentKey(first);
    }

    /** The current version of the resumed key was on an earlier page, unless it is older. */
    private void skipShown(ViewCursor current) {
        if (resumedKey != null
                && current.valid()
                && Arrays.equals(NamespaceKeys.objectKey(current.key()), resumedKey)
                && VersionRow.decode(current.value()).position() >= resumedPosition) {
            current.next();
        }
    }

    private void take(ViewCursor current, ViewCursor noncurrent) {
        byte[] currentKey = current.valid() ? NamespaceKeys.objectKey(current.key()) : null;
        byte[] noncurrentKey =
                noncurrent.valid() ? NamespaceKeys.unescaped(noncurrent.key()) : null;
        boolean both =
                currentKey != null
                        && noncurrentKey != null
                        && Arrays.equals(currentKey, noncurrentKey);
        boolean fromCurrent =
                both
                        ? isNewer(current, noncurrent)
                        : noncurrentKey == null
                                || (currentKey != null
                                        && KeyOrder.BYTES.compare(currentKey, noncurrentKey) < 0);
        byte[] key = fromCurrent ? currentKey : noncurrentKey;
        if (key == null) {
            throw new IllegalStateException("no row to take");
        }
        byte[] common = rollup.commonPrefix(key);
        if (common != null) {
            lastKey = NamespaceKeys.text(common);
            lastVersion = null;
            commonPrefixes.add(lastKey);
            Rollup.skip(current, currentKey(common));
            Rollup.skip(noncurrent, noncurrentKey(common));
            return;
        }
        ViewCursor cursor = fromCurrent ? current : noncurrent;
        VersionRow row = VersionRow.decode(cursor.value());
        add(key, row, fromCurrent || (!both && isLatest(key, row)));
        cursor.next();
    }

    private void add(byte[] key, VersionRow row, boolean latest) {
        lastKey = NamespaceKeys.text(key);
        ObjectVersion version = row.toVersion(query.bucketId(), lastKey);
        lastVersion = version.versionId();
        previousKey = key;
        versions.add(new VersionListPage.ListedVersion(version, latest));
    }

    /** A current version has newer ones above it when it was restored. */
    private static boolean isNewer(ViewCursor current, ViewCursor noncurrent) {
        return VersionRow.decode(current.value()).position()
                > VersionRow.decode(noncurrent.value()).position();
    }

    /** A delete marker and the first of its key, when that has no current version. */
    private boolean isLatest(byte[] key, VersionRow row) {
        if (!row.deleteMarker() || Arrays.equals(key, previousKey)) {
            return false;
        }
        if (!Arrays.equals(key, resumedKey)) {
            return true;
        }
        VersionRow newest = reader.newestNoncurrent(query.bucketId(), key);
        return reader.current(query.bucketId(), key) == null
                && newest != null
                && newest.position() == row.position();
    }
}
