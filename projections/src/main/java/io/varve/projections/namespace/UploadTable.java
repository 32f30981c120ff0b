package io.varve.projections.namespace;

import io.varve.journal.record.JournalRecord;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Open and completed uploads and their parts. Single-threaded: owned by the fold. */
final class UploadTable {
    private final ViewBatch batch;
    private final ContentTable contents;
    private final ContentReader reader;

    UploadTable(ViewBatch batch, ContentTable contents) {
        this.batch = batch;
        this.contents = contents;
        reader = new ContentReader(batch);
    }

    void open(Upload upload) {
        byte[] utf8 = NamespaceKeys.utf8(upload.key());
        byte[] rowKey = NamespaceKeys.upload(upload.bucketId(), utf8, upload.id());
        batch.insert(rowKey, UploadRow.encode(upload));
    }

    @Nullable Upload find(long bucketId, String key, long uploadId) {
        byte[] value = batch.get(NamespaceKeys.upload(bucketId, NamespaceKeys.utf8(key), uploadId));
        return value == null ? null : UploadRow.decode(bucketId, key, uploadId, value);
    }

    boolean isOpen(long bucketId, String key, long uploadId) {
        byte[] rowKey = NamespaceKeys.upload(bucketId, NamespaceKeys.utf8(key), uploadId);
        return batch.get(rowKey) != null;
    }

    /** It is open no longer; its parts stay. */
    void close(long bucketId, String key, long uploadId) {
        batch.delete(NamespaceKeys.upload(bucketId, NamespaceKeys.utf8(key), uploadId));
    }

    List<PartRow> parts(long uploadId) {
        return reader.parts(uploadId, 0, Integer.MAX_VALUE);
    }

    /** In place of any earlier part of that number, whose blobs are released. */
    void putPart(long uploadId, PartRow part) {
        byte[] rowKey = NamespaceKeys.of(NamespaceKeys.PART, uploadId, part.partNumber());
        byte[] before = batch.get(rowKey);
        if (before != null) {
            Content content = PartRow.decode(part.partNumber(), before).content();
            contents.releaseBlobs(content, part.position());
        }
        batch.put(rowKey, part.toBytes());
    }

    void dropPart(long uploadId, PartRow part, JournalRecord record) {
        contents.releaseBlobs(part.content(), record.position());
        batch.delete(NamespaceKeys.of(NamespaceKeys.PART, uploadId, part.partNumber()));
    }

    void complete(long uploadId, UploadRow.Completed completed) {
        batch.insert(NamespaceKeys.of(NamespaceKeys.COMPLETED, uploadId), completed.toBytes());
    }

    UploadRow.@Nullable Completed completed(long uploadId) {
        byte[] value = batch.get(NamespaceKeys.of(NamespaceKeys.COMPLETED, uploadId));
        return value == null ? null : UploadRow.Completed.decode(value);
    }

    /**
     * Aborts the open uploads of a removed bucket.
     *
     * @return how many; the limit when there may be more
     */
    int abortAll(long bucketId, int limit, JournalRecord record) {
        byte[] prefix = NamespaceKeys.of(NamespaceKeys.UPLOAD, bucketId);
        List<byte[]> keys = new ArrayList<>();
        try (ViewCursor cursor = batch.scan(prefix, KeyOrder.afterPrefix(prefix))) {
            for (; cursor.valid() && keys.size() < limit; cursor.next()) {
                keys.add(cursor.key());
            }
        }
        for (byte[] rowKey : keys) {
            contents.releaseParts(NamespaceKeys.lastId(rowKey), record.position());
            batch.delete(rowKey);
        }
        return keys.size();
    }
}
