package io.varve.projections.namespace;

import io.varve.journal.record.BucketChange;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Versioning;
import io.varve.projections.ViewBatch;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * The buckets. Those in use are kept in memory, and their rows, which nearly every record changes,
 * are written once per batch ({@link #settle}). Single-threaded: owned by the fold.
 */
final class BucketTable {
    /** When more are in memory after a batch, all are dropped and read again as they are used. */
    private static final int KEPT_COUNT_MAX = 10_000;

    private final ViewBatch batch;
    private final AccountTable accounts;
    private final Map<Long, BucketState> kept = new HashMap<>();
    private final Map<Long, BucketState> changed = new LinkedHashMap<>();
    private final List<Bucket> removed = new ArrayList<>();

    /** What a batch did to the buckets and their owners. */
    record Changes(List<Bucket> changed, List<Bucket> removed, List<Account> accounts) {}

    BucketTable(ViewBatch batch) {
        this.batch = batch;
        accounts = new AccountTable(batch);
    }

    AccountTable accounts() {
        return accounts;
    }

    @Nullable BucketState find(long bucketId) {
        BucketState state = kept.get(bucketId);
        if (state != null) {
            return state;
        }
        BucketRow row = BucketRow.read(batch, bucketId);
        if (row == null) {
            return null;
        }
        BucketState read = new BucketState(row, accounts.find(row.bucket().owner()));
        kept.put(bucketId, read);
        return read;
    }

    /** As {@link #find}, for a bucket that the caller is about to change. */
    @Nullable BucketState change(long bucketId) {
        BucketState state = find(bucketId);
        if (state != null) {
            changed.put(bucketId, state);
            accounts.change(state.owner());
        }
        return state;
    }

    @Nullable BucketState named(String storedName) {
        byte[] value = batch.get(NamespaceKeys.name(NamespaceKeys.utf8(storedName)));
        return value == null ? null : find(new RowReader(value).fixed64());
    }

    void create(BucketChange.CreateBucket create, JournalRecord record) {
        String name = create.name();
        String owner = create.owner();
        long id = record.position();
        byte[] utf8 = NamespaceKeys.utf8(name);
        byte[] value = new RowWriter().fixed64(id).toBytes();
        batch.put(NamespaceKeys.name(utf8), value);
        batch.put(ownerKey(owner, name), value);
        Bucket bucket = new Bucket(id, name, owner, record.timeMicros(), Versioning.OFF, 0, 0);
        AccountState account = accounts.change(owner);
        account.addBucket();
        BucketState state = new BucketState(new BucketRow(bucket, 0, 0), account);
        kept.put(id, state);
        changed.put(id, state);
        if (!changeSettings(state, create.settings(), Set.of())) {
            throw new IllegalStateException("settings of a new bucket do not fit: id=" + id);
        }
    }

    /** An owner's buckets are listed by the names that they have there. */
    private static byte[] ownerKey(String owner, String storedName) {
        return NamespaceKeys.owner(owner, NamespaceKeys.utf8(Bucket.plainName(owner, storedName)));
    }

    /**
     * Merges into the settings of a bucket that the caller has from {@link #change}.
     *
     * @return whether they fitted; otherwise nothing has changed
     */
    boolean changeSettings(BucketState state, Map<String, String> set, Set<String> removedNames) {
        if (!state.settings().merge(set, removedNames)) {
            return false;
        }
        byte[] key = NamespaceKeys.of(NamespaceKeys.SETTINGS, state.id());
        SortedMap<String, String> all = state.settings().all();
        if (all.isEmpty()) {
            batch.delete(key);
        } else {
            batch.put(key, BucketRow.encodeSettings(all));
        }
        return true;
    }

    /** Takes it out of sight; what the window still holds of it goes when that closes. */
    void remove(BucketState state, JournalRecord record) {
        byte[] utf8 = NamespaceKeys.utf8(state.storedName());
        long id = state.id();
        batch.delete(NamespaceKeys.name(utf8));
        batch.delete(ownerKey(state.owner(), state.storedName()));
        batch.delete(NamespaceKeys.of(NamespaceKeys.BUCKET, id));
        BucketRow.Removed row =
                new BucketRow.Removed(record.position(), record.timeMicros(), state.toRow());
        batch.insert(NamespaceKeys.of(NamespaceKeys.BUCKET_REMOVED, id), row.toBytes());
        batch.insert(NamespaceKeys.nameRemoved(utf8, id), new byte[0]);
        kept.remove(id);
        changed.remove(id);
        removed.add(state.toRow().bucket());
        accounts.change(state.owner()).removeBucket();
    }

    /**
     * The window closes over a removed bucket.
     *
     * @return the position of the record that removed it
     */
    long forget(long bucketId) {
        byte[] key = NamespaceKeys.of(NamespaceKeys.BUCKET_REMOVED, bucketId);
        BucketRow.Removed row = BucketRow.Removed.read(batch, bucketId);
        if (row == null) {
            throw new IllegalStateException("no removed bucket " + bucketId);
        }
        Bucket bucket = row.row().bucket();
        String name = bucket.storedName();
        if (!bucket.settings().isEmpty()) {
            batch.delete(NamespaceKeys.of(NamespaceKeys.SETTINGS, bucketId));
        }
        batch.delete(NamespaceKeys.nameRemoved(NamespaceKeys.utf8(name), bucketId));
        batch.delete(key);
        return row.removedPosition();
    }

    /** Writes the rows of the buckets and accounts that have changed since the last call. */
    Changes settle() {
        List<Bucket> rows = new ArrayList<>(changed.size());
        changed.forEach(
                (id, state) -> {
                    BucketRow row = state.toRow();
                    batch.put(NamespaceKeys.of(NamespaceKeys.BUCKET, id), row.toBytes());
                    rows.add(row.bucket());
                });
        Changes changes = new Changes(rows, List.copyOf(removed), accounts.settle());
        changed.clear();
        removed.clear();
        if (kept.size() > KEPT_COUNT_MAX || accounts.keptCount() > KEPT_COUNT_MAX) {
            kept.clear();
            accounts.forgetKept();
        }
        return changes;
    }
}
