package io.varve.projections.namespace;

import io.varve.journal.record.BlobRef;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewSnapshot;
import io.varve.projections.namespace.BlobReferences.Owner;
import io.varve.projections.namespace.BlobReferences.Role;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Finds what blobs belong to. First the content in rows of its own that has any of them, then the
 * versions and uploads that refer to such content or name a blob themselves. Used once.
 */
final class BlobOwners {
    private final ViewSnapshot rows;
    private final Predicate<BlobRef> sought;
    private final int limit;
    private final Map<Long, List<BlobRef>> inChunks = new HashMap<>();
    private final Map<Long, List<PartBlob>> inParts = new HashMap<>();
    private final List<Owner> owners = new ArrayList<>();

    private record PartBlob(int partNumber, BlobRef blob) {}

    BlobOwners(ViewSnapshot rows, Predicate<BlobRef> sought, int limit) {
        this.rows = rows;
        this.sought = sought;
        this.limit = limit;
    }

    List<Owner> find() {
        scan(NamespaceKeys.MANIFEST, this::chunk);
        scan(NamespaceKeys.PART, this::part);
        scan(
                NamespaceKeys.CURRENT,
                (key, value) ->
                        version(
                                Role.CURRENT,
                                NamespaceKeys.firstId(key),
                                NamespaceKeys.objectKey(key),
                                VersionRow.decode(value)));
        scan(
                NamespaceKeys.NONCURRENT,
                (key, value) ->
                        version(
                                Role.NONCURRENT,
                                NamespaceKeys.firstId(key),
                                NamespaceKeys.unescaped(key),
                                VersionRow.decode(value)));
        scan(
                NamespaceKeys.HISTORY,
                (key, value) ->
                        version(
                                Role.HISTORY,
                                NamespaceKeys.firstId(key),
                                NamespaceKeys.unescaped(key),
                                HistoryRow.decode(value).row()));
        scan(NamespaceKeys.UPLOAD, (key, value) -> upload(key));
        return owners;
    }

    private void scan(byte table, BiConsumer<byte[], byte[]> row) {
        byte[] from = {table};
        try (ViewCursor cursor = rows.sweep(from, KeyOrder.afterPrefix(from))) {
            for (; cursor.valid() && owners.size() < limit; cursor.next()) {
                row.accept(cursor.key(), cursor.value());
            }
        }
    }

    private void chunk(byte[] key, byte[] value) {
        for (BlobRef blob : ContentReader.decodeChunk(value).blobs()) {
            if (sought.test(blob)) {
                long content = NamespaceKeys.firstId(key);
                inChunks.computeIfAbsent(content, id -> new ArrayList<>()).add(blob);
            }
        }
    }

    private void part(byte[] key, byte[] value) {
        int number = NamespaceKeys.lastNumber(key);
        for (BlobRef blob : blobsOf(PartRow.decode(number, value).content())) {
            inParts.computeIfAbsent(NamespaceKeys.firstId(key), id -> new ArrayList<>())
                    .add(new PartBlob(number, blob));
        }
    }

    /** Those that are sought, of content that is not made of parts. */
    private List<BlobRef> blobsOf(Content content) {
        return switch (content) {
            case Content.None none -> List.of();
            case Content.Inline inline ->
                    inline.manifest().blobs().stream().filter(sought).toList();
            case Content.Chunked chunked -> inChunks.getOrDefault(chunked.id(), List.of());
            case Content.Parts parts ->
                    throw new IllegalStateException("a part is made of parts: " + parts.id());
        };
    }

    private void version(Role role, long bucketId, byte[] key, VersionRow row) {
        String name = NamespaceKeys.text(key);
        if (row.content() instanceof Content.Parts parts) {
            for (PartBlob each : inParts.getOrDefault(parts.id(), List.of())) {
                add(new Owner(each.blob, role, bucketId, name, row.position(), each.partNumber));
            }
            return;
        }
        for (BlobRef blob : blobsOf(row.content())) {
            add(new Owner(blob, role, bucketId, name, row.position(), 0));
        }
    }

    private void upload(byte[] rowKey) {
        long uploadId = NamespaceKeys.lastId(rowKey);
        String name = NamespaceKeys.text(NamespaceKeys.unescaped(rowKey));
        for (PartBlob each : inParts.getOrDefault(uploadId, List.of())) {
            long bucketId = NamespaceKeys.firstId(rowKey);
            add(new Owner(each.blob, Role.UPLOAD, bucketId, name, uploadId, each.partNumber));
        }
    }

    private void add(Owner owner) {
        if (owners.size() < limit) {
            owners.add(owner);
        }
    }
}
