package io.varve.projections.namespace;

import io.varve.projections.ViewSnapshot;
import io.varve.projections.ViewStore;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The buckets and accounts that requests ask for, as of the last published batch, so that finding
 * one costs no read. Safe for many threads; one of them publishes.
 *
 * <p>A bucket that is not here is read and put here under the lock that publishing takes too. So it
 * cannot happen that an old row is read, a newer one published, and then the old one put.
 */
final class BucketCache {
    /** When there are more, all are dropped and come back as they are asked for. */
    private static final int COUNT_MAX = 10_000;

    private final ViewStore store;
    private final Object lock = new Object();
    private final Map<String, Bucket> byName = new ConcurrentHashMap<>();
    private final Map<Long, Bucket> byId = new ConcurrentHashMap<>();
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();

    BucketCache(ViewStore store) {
        this.store = store;
    }

    @Nullable Bucket named(String storedName) {
        Bucket bucket = byName.get(storedName);
        if (bucket != null) {
            return bucket;
        }
        synchronized (lock) {
            try (ViewSnapshot snapshot = store.snapshot()) {
                byte[] id = snapshot.get(NamespaceKeys.name(NamespaceKeys.utf8(storedName)));
                return id == null ? null : keep(snapshot, new RowReader(id).fixed64());
            }
        }
    }

    @Nullable Bucket of(long bucketId) {
        Bucket bucket = byId.get(bucketId);
        if (bucket != null) {
            return bucket;
        }
        synchronized (lock) {
            try (ViewSnapshot snapshot = store.snapshot()) {
                return keep(snapshot, bucketId);
            }
        }
    }

    private @Nullable Bucket keep(ViewSnapshot snapshot, long bucketId) {
        BucketRow row = BucketRow.read(snapshot, bucketId);
        if (row == null) {
            return null;
        }
        Bucket bucket = row.bucket();
        if (byId.size() >= COUNT_MAX) {
            byId.clear();
            byName.clear();
        }
        byName.put(bucket.storedName(), bucket);
        byId.put(bucketId, bucket);
        return bucket;
    }

    Account account(String name) {
        Account account = accounts.get(name);
        if (account != null) {
            return account;
        }
        synchronized (lock) {
            Account read = AccountRow.read(store, name);
            if (accounts.size() >= COUNT_MAX) {
                accounts.clear();
            }
            accounts.put(name, read);
            return read;
        }
    }

    /** After a batch has been written and before anybody is told of its outcomes. */
    void publish(Namespace.Commit commit) {
        synchronized (lock) {
            for (Account account : commit.accounts()) {
                accounts.computeIfPresent(account.name(), (name, old) -> account);
            }
            for (Bucket bucket : commit.removed()) {
                byName.remove(bucket.storedName());
                byId.remove(bucket.id());
            }
            for (Bucket bucket : commit.buckets()) {
                byName.computeIfPresent(bucket.storedName(), (name, old) -> bucket);
                byId.computeIfPresent(bucket.id(), (id, old) -> bucket);
            }
        }
    }
}
