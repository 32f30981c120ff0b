package io.varve.projections.namespace;

import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Manifest;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Finds the manifests and parts that {@link Content} refers to. */
final class ContentReader {
    private static final int FORMAT_VERSION = 1;

    private final ViewReader rows;

    ContentReader(ViewReader rows) {
        this.rows = rows;
    }

    static byte[] encodeChunk(Manifest manifest) {
        RowWriter to = new RowWriter().u8(FORMAT_VERSION);
        RowFields.writeManifest(to, manifest);
        return to.toBytes();
    }

    static Manifest decodeChunk(byte[] bytes) {
        return RowFields.readManifest(new RowReader(bytes).version(FORMAT_VERSION));
    }

    /**
     * @return null when the rows it is in have gone
     */
    @Nullable Manifest manifest(Content content) {
        return switch (content) {
            case Content.None none -> Manifest.EMPTY;
            case Content.Inline inline -> inline.manifest();
            case Content.Chunked chunked -> chunks(chunked);
            case Content.Parts parts -> ofParts(parts);
        };
    }

    private @Nullable Manifest chunks(Content.Chunked content) {
        byte[] prefix = NamespaceKeys.of(NamespaceKeys.MANIFEST, content.id());
        try (ViewCursor cursor = rows.scan(prefix, KeyOrder.afterPrefix(prefix))) {
            List<BlobRef> blobs = new ArrayList<>();
            int pool = 0;
            for (; cursor.valid(); cursor.next()) {
                Manifest chunk = decodeChunk(cursor.value());
                pool = chunk.pool();
                blobs.addAll(chunk.blobs());
            }
            return blobs.isEmpty() ? null : new Manifest(pool, blobs);
        }
    }

    private @Nullable Manifest ofParts(Content.Parts content) {
        List<PartRow> parts = parts(content.id(), 0, Integer.MAX_VALUE);
        List<BlobRef> blobs = new ArrayList<>();
        int pool = 0;
        for (PartRow part : parts) {
            Manifest manifest = manifest(part.content());
            if (manifest == null) {
                return null;
            }
            pool = manifest.blobs().isEmpty() ? pool : manifest.pool();
            blobs.addAll(manifest.blobs());
        }
        return parts.isEmpty() ? null : new Manifest(pool, blobs);
    }

    /** Parts of an upload, open or completed, with a number above the given one, in order. */
    List<PartRow> parts(long uploadId, int afterPartNumber, int limit) {
        byte[] end = KeyOrder.afterPrefix(NamespaceKeys.of(NamespaceKeys.PART, uploadId));
        byte[] start =
                NamespaceKeys.of(NamespaceKeys.PART, uploadId, Math.max(afterPartNumber, 0) + 1);
        List<PartRow> parts = new ArrayList<>();
        try (ViewCursor cursor = rows.scan(start, end)) {
            for (; cursor.valid() && parts.size() < limit; cursor.next()) {
                int number = NamespaceKeys.lastNumber(cursor.key());
                parts.add(PartRow.decode(number, cursor.value()));
            }
        }
        return parts;
    }

    @Nullable PartRow part(long uploadId, int partNumber) {
        byte[] value = rows.get(NamespaceKeys.of(NamespaceKeys.PART, uploadId, partNumber));
        return value == null ? null : PartRow.decode(partNumber, value);
    }
}
