package io.varve.projections.namespace;

import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Manifest;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;

import java.util.List;

/**
 * The life of {@link Content}: introduced by one record, shared by copies, released by the record
 * after which nothing refers to it. Released blobs are listed until the devices have dropped them.
 *
 * <p>Who refers is counted only where it is more than one. Single-threaded: owned by the fold.
 */
final class ContentTable {
    /** Keeps the row of a chunk below 64 KiB. */
    static final int CHUNK_BLOB_COUNT_MAX = 2048;

    private final ViewBatch batch;

    ContentTable(ViewBatch batch) {
        this.batch = batch;
    }

    /** Content that only what is being applied refers to. */
    Content introduce(Manifest manifest, long position) {
        int count = manifest.blobs().size();
        if (count == 0) {
            return Content.NONE;
        }
        if (count <= Content.INLINE_BLOB_COUNT_MAX) {
            return new Content.Inline(position, manifest);
        }
        int chunk = 0;
        for (int from = 0; from < count; from += CHUNK_BLOB_COUNT_MAX) {
            byte[] key = NamespaceKeys.of(NamespaceKeys.MANIFEST, position, chunk++);
            batch.insert(key, ContentReader.encodeChunk(part(manifest, from)));
        }
        return new Content.Chunked(position);
    }

    /**
     * The parts that an object is made of, from now on in other blobs, which are cut where the
     * parts end: parts of a new number space, known by the position of the record.
     */
    Content introduceParts(List<PartRow> parts, Manifest manifest, long position) {
        int next = 0;
        for (PartRow part : parts) {
            int from = next;
            for (long left = part.sizeBytes(); left > 0; next++) {
                left -= manifest.blobs().get(next).lengthBytes();
            }
            Manifest own = new Manifest(manifest.pool(), manifest.blobs().subList(from, next));
            Content content =
                    own.blobs().isEmpty() ? Content.NONE : new Content.Inline(position, own);
            PartRow moved =
                    new PartRow(
                            part.partNumber(),
                            part.position(),
                            part.modifiedMicros(),
                            part.sizeBytes(),
                            part.etag(),
                            content,
                            part.checksums());
            batch.insert(
                    NamespaceKeys.of(NamespaceKeys.PART, position, part.partNumber()),
                    moved.toBytes());
        }
        return new Content.Parts(position);
    }

    List<PartRow> parts(Content.Parts content) {
        return new ContentReader(batch).parts(content.id(), 0, Integer.MAX_VALUE);
    }

    private static Manifest part(Manifest manifest, int from) {
        List<BlobRef> blobs = manifest.blobs();
        int to = Math.min(from + CHUNK_BLOB_COUNT_MAX, blobs.size());
        return new Manifest(manifest.pool(), blobs.subList(from, to));
    }

    /** One more refers to it. */
    void share(Content content) {
        if (content.id() == 0) {
            return;
        }
        byte[] key = NamespaceKeys.of(NamespaceKeys.SHARE_COUNT, content.id());
        byte[] counted = batch.get(key);
        long count = counted == null ? 1 : new RowReader(counted).varint();
        batch.put(key, new RowWriter().varint(count + 1).toBytes());
    }

    /**
     * One fewer refers to it; if it was the last, the record at the position releases the blobs.
     */
    void release(Content content, long position) {
        if (content.id() == 0) {
            return;
        }
        byte[] key = NamespaceKeys.of(NamespaceKeys.SHARE_COUNT, content.id());
        byte[] counted = batch.get(key);
        if (counted == null) {
            releaseBlobs(content, position);
            return;
        }
        long count = new RowReader(counted).varint() - 1;
        if (count == 1) {
            batch.delete(key);
        } else {
            batch.put(key, new RowWriter().varint(count).toBytes());
        }
    }

    /** As {@link #release}, for content that is never shared: that of a part of an open upload. */
    void releaseBlobs(Content content, long position) {
        switch (content) {
            case Content.None none -> {}
            case Content.Inline inline -> {
                byte[] value = ContentReader.encodeChunk(inline.manifest());
                batch.insert(NamespaceKeys.released(position, inline.id(), 0), value);
            }
            case Content.Chunked chunked -> releaseChunks(chunked, position);
            case Content.Parts parts -> releaseParts(parts.id(), position);
        }
    }

    /**
     * The blobs of a record that was refused: they are on the devices and nothing refers to them.
     */
    void releaseRefused(Manifest manifest, long position) {
        int chunk = 0;
        for (int from = 0; from < manifest.blobs().size(); from += CHUNK_BLOB_COUNT_MAX) {
            byte[] key = NamespaceKeys.released(position, position, chunk++);
            batch.insert(key, ContentReader.encodeChunk(part(manifest, from)));
        }
    }

    private void releaseChunks(Content.Chunked content, long position) {
        byte[] prefix = NamespaceKeys.of(NamespaceKeys.MANIFEST, content.id());
        try (ViewCursor cursor = batch.scan(prefix, KeyOrder.afterPrefix(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                int chunk = NamespaceKeys.lastNumber(cursor.key());
                batch.insert(NamespaceKeys.released(position, content.id(), chunk), cursor.value());
                batch.delete(cursor.key(), cursor.value());
            }
        }
    }

    /** All parts that an upload has. */
    void releaseParts(long uploadId, long position) {
        byte[] prefix = NamespaceKeys.of(NamespaceKeys.PART, uploadId);
        try (ViewCursor cursor = batch.scan(prefix, KeyOrder.afterPrefix(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                int number = NamespaceKeys.lastNumber(cursor.key());
                Content content = PartRow.decode(number, cursor.value()).content();
                if (content instanceof Content.Inline inline && inline.id() == uploadId) {
                    // Parts that moved together: one record introduced them all.
                    byte[] key = NamespaceKeys.released(position, inline.id(), number);
                    batch.insert(key, ContentReader.encodeChunk(inline.manifest()));
                } else {
                    releaseBlobs(content, position);
                }
                batch.delete(cursor.key(), cursor.value());
            }
        }
    }
}
