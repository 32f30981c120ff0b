package io.varve.projections.namespace;

import io.varve.projections.ViewSnapshot;
import io.varve.projections.ViewStore;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The buckets that requests ask for, as of the last published batch, so that finding one costs no
 * read. Safe for many threads; one of them publishes.
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

    BucketCache(ViewStore store) {
        this.store = store;
    }

    @Nullable Bucket named(String name) {
        Bucket bucket = byName.get(name);
        if (bucket != null) {
            return bucket;
        }
        synchronized (lock) {
            try (ViewSnapshot snapshot = store.snapshot()) {
                byte[] id = snapshot.get(NamespaceKeys.name(NamespaceKeys.utf8(name)));
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
        byte[] value = snapshot.get(NamespaceKeys.of(NamespaceKeys.BUCKET, bucketId));
        if (value == null) {
            return null;
        }
        Bucket bucket = BucketRow.decode(bucketId, value).bucket();
        if (byId.size() >= COUNT_MAX) {
            byId.clear();
            byName.clear();
        }
        byName.put(bucket.name(), bucket);
        byId.put(bucketId, bucket);
        return bucket;
    }

    /** After a batch has been written and before anybody is told of its outcomes. */
    void publish(List<Bucket> changed, List<Bucket> removed) {
        synchronized (lock) {
            for (Bucket bucket : removed) {
                byName.remove(bucket.name());
                byId.remove(bucket.id());
            }
            for (Bucket bucket : changed) {
                byName.computeIfPresent(bucket.name(), (name, old) -> bucket);
                byId.computeIfPresent(bucket.id(), (id, old) -> bucket);
            }
        }
    }
}
