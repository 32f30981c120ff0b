package io.varve.projections.namespace;

import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;

import java.util.ArrayList;
import java.util.List;

/** Lists open uploads. */
final class UploadLister {
    private final UploadListQuery query;
    private final Rollup rollup;
    private final List<Upload> uploads = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private String lastKey = "";
    private long lastUpload;

    private UploadLister(UploadListQuery query) {
        this.query = query;
        rollup = Rollup.of(query.prefix(), query.delimiter());
    }

    static UploadListPage list(ViewReader rows, UploadListQuery query) {
        if (query.limit() <= 0) {
            return new UploadListPage(List.of(), List.of(), null, 0);
        }
        return new UploadLister(query).page(rows);
    }

    private UploadListPage page(ViewReader rows) {
        byte[] end = KeyOrder.afterPrefix(rowKey(rollup.prefix()));
        try (ViewCursor cursor = rows.scan(start(), end)) {
            while (cursor.valid()) {
                if (uploads.size() + commonPrefixes.size() == query.limit()) {
                    return new UploadListPage(uploads, commonPrefixes, lastKey, lastUpload);
                }
                take(cursor);
            }
        }
        return new UploadListPage(uploads, commonPrefixes, null, 0);
    }

    private byte[] start() {
        String marker = query.keyMarker();
        if (marker == null || query.uploadMarker() == 0) {
            return rowKey(rollup.start(marker));
        }
        byte[] start =
                NamespaceKeys.upload(
                        query.bucketId(), NamespaceKeys.utf8(marker), query.uploadMarker() + 1);
        byte[] first = rowKey(rollup.prefix());
        return KeyOrder.BYTES.compare(start, first) < 0 ? first : start;
    }

    private byte[] rowKey(byte[] key) {
        return NamespaceKeys.escapedPrefix(NamespaceKeys.UPLOAD, query.bucketId(), key);
    }

    private void take(ViewCursor cursor) {
        byte[] key = NamespaceKeys.unescaped(cursor.key());
        byte[] common = rollup.commonPrefix(key);
        if (common != null) {
            lastKey = NamespaceKeys.text(common);
            lastUpload = 0;
            commonPrefixes.add(lastKey);
            Rollup.skip(cursor, rowKey(common));
            return;
        }
        lastKey = NamespaceKeys.text(key);
        lastUpload = NamespaceKeys.lastId(cursor.key());
        uploads.add(UploadRow.decode(query.bucketId(), lastKey, lastUpload, cursor.value()));
        cursor.next();
    }
}
