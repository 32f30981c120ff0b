package io.varve.projections.namespace;

import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Versioning;
import io.varve.projections.ViewBatch;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The buckets. Those in use are kept in memory, and their rows, which nearly every record changes,
 * are written once per batch ({@link #settle}). Single-threaded: owned by the fold.
 */
final class BucketTable {
    /** When more are in memory after a batch, all are dropped and read again as they are used. */
    private static final int KEPT_COUNT_MAX = 10_000;

    private final ViewBatch batch;
    private final Map<Long, BucketState> kept = new HashMap<>();
    private final Map<Long, BucketState> changed = new LinkedHashMap<>();
    private final List<Bucket> removed = new ArrayList<>();

    /** What a batch did to the buckets. */
    record Changes(List<Bucket> changed, List<Bucket> removed) {}

    BucketTable(ViewBatch batch) {
        this.batch = batch;
    }

    @Nullable BucketState find(long bucketId) {
        BucketState state = kept.get(bucketId);
        if (state != null) {
            return state;
        }
        byte[] value = batch.get(NamespaceKeys.of(NamespaceKeys.BUCKET, bucketId));
        if (value == null) {
            return null;
        }
        BucketState read = new BucketState(BucketRow.decode(bucketId, value));
        kept.put(bucketId, read);
        return read;
    }

    /** As {@link #find}, for a bucket that the caller is about to change. */
    @Nullable BucketState change(long bucketId) {
        BucketState state = find(bucketId);
        if (state != null) {
            changed.put(bucketId, state);
        }
        return state;
    }

    @Nullable BucketState named(String name) {
        byte[] value = batch.get(NamespaceKeys.name(NamespaceKeys.utf8(name)));
        return value == null ? null : find(new RowReader(value).fixed64());
    }

    void create(String name, String owner, JournalRecord record) {
        long id = record.position();
        byte[] utf8 = NamespaceKeys.utf8(name);
        byte[] value = new RowWriter().fixed64(id).toBytes();
        batch.put(NamespaceKeys.name(utf8), value);
        batch.put(NamespaceKeys.owner(owner, utf8), value);
        Bucket bucket = new Bucket(id, name, owner, record.timeMicros(), Versioning.OFF, 0, 0);
        BucketState state = new BucketState(new BucketRow(bucket, 0, 0));
        kept.put(id, state);
        changed.put(id, state);
    }

    /** Takes it out of sight; what the window still holds of it goes when that closes. */
    void remove(BucketState state, JournalRecord record) {
        byte[] utf8 = NamespaceKeys.utf8(state.name());
        long id = state.id();
        batch.delete(NamespaceKeys.name(utf8));
        batch.delete(NamespaceKeys.owner(state.owner(), utf8));
        batch.delete(NamespaceKeys.of(NamespaceKeys.BUCKET, id));
        BucketRow.Removed row =
                new BucketRow.Removed(record.position(), record.timeMicros(), state.toRow());
        batch.insert(NamespaceKeys.of(NamespaceKeys.BUCKET_REMOVED, id), row.toBytes());
        batch.insert(NamespaceKeys.nameRemoved(utf8, id), new byte[0]);
        kept.remove(id);
        changed.remove(id);
        removed.add(state.toRow().bucket());
    }

    /** The window closes over a removed bucket. */
    void forget(long bucketId) {
        byte[] key = NamespaceKeys.of(NamespaceKeys.BUCKET_REMOVED, bucketId);
        byte[] value = batch.get(key);
        if (value == null) {
            throw new IllegalStateException("no removed bucket " + bucketId);
        }
        String name = BucketRow.Removed.decode(bucketId, value).row().bucket().name();
        batch.delete(NamespaceKeys.nameRemoved(NamespaceKeys.utf8(name), bucketId));
        batch.delete(key);
    }

    /** Writes the rows of the buckets that have changed since the last call. */
    Changes settle() {
        List<Bucket> rows = new ArrayList<>(changed.size());
        changed.forEach(
                (id, state) -> {
                    BucketRow row = state.toRow();
                    batch.put(NamespaceKeys.of(NamespaceKeys.BUCKET, id), row.toBytes());
                    rows.add(row.bucket());
                });
        Changes changes = new Changes(rows, List.copyOf(removed));
        changed.clear();
        removed.clear();
        if (kept.size() > KEPT_COUNT_MAX) {
            kept.clear();
        }
        return changes;
    }
}
