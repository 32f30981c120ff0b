package io.varve.projections.namespace;

import io.varve.journal.record.BlobRef;
import io.varve.projections.Checkpoint;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewSnapshot;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Walks the tables that name blobs. Content that is in rows of its own (chunks, parts) is shown by
 * those rows, which are there exactly as long as something refers to them; so versions need not be
 * followed to it, and nothing is looked up.
 */
final class StoredReferences implements BlobReferences {
    private final ViewSnapshot snapshot;
    private final Deque<Byte> tables =
            new ArrayDeque<>(
                    List.of(
                            NamespaceKeys.CURRENT,
                            NamespaceKeys.NONCURRENT,
                            NamespaceKeys.HISTORY,
                            NamespaceKeys.PART,
                            NamespaceKeys.MANIFEST,
                            NamespaceKeys.RELEASED));
    private byte table;
    private @Nullable ViewCursor cursor;

    /** Takes over the snapshot. */
    StoredReferences(ViewSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    @Override
    public long position() {
        return Checkpoint.read(snapshot).position();
    }

    @Override
    public boolean advance(int rowCount, Visitor visitor) {
        int left = rowCount;
        ViewCursor rows = cursor;
        while (left > 0) {
            if (rows == null || !rows.valid()) {
                rows = nextTable(rows);
                if (rows == null) {
                    return false;
                }
                continue;
            }
            show(rows.value(), visitor);
            rows.next();
            left--;
        }
        return true;
    }

    private @Nullable ViewCursor nextTable(@Nullable ViewCursor ended) {
        if (ended != null) {
            ended.close();
        }
        cursor = null;
        Byte next = tables.poll();
        if (next == null) {
            return null;
        }
        table = next;
        byte[] from = {table};
        ViewCursor begun = snapshot.sweep(from, KeyOrder.afterPrefix(from));
        cursor = begun;
        return begun;
    }

    private void show(byte[] value, Visitor visitor) {
        switch (table) {
            case NamespaceKeys.RELEASED ->
                    ContentReader.decodeChunk(value).blobs().forEach(visitor::released);
            case NamespaceKeys.MANIFEST ->
                    ContentReader.decodeChunk(value).blobs().forEach(visitor::needed);
            case NamespaceKeys.PART -> show(PartRow.decode(0, value).content(), visitor);
            case NamespaceKeys.HISTORY -> show(HistoryRow.decode(value).row().content(), visitor);
            default -> show(VersionRow.decode(value).content(), visitor);
        }
    }

    private static void show(Content content, Visitor visitor) {
        if (content instanceof Content.Inline inline) {
            inline.manifest().blobs().forEach(visitor::needed);
        }
    }

    @Override
    public List<Owner> owners(Predicate<BlobRef> sought, int limit) {
        return new BlobOwners(snapshot, sought, limit).find();
    }

    @Override
    public void close() {
        ViewCursor rows = cursor;
        if (rows != null) {
            rows.close();
        }
        snapshot.close();
    }
}
