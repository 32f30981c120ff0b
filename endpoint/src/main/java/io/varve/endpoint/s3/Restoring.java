package io.varve.endpoint.s3;

import io.varve.endpoint.store.Caller;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.VersionRef;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.DiffPage;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes keys read as they were, by records that share the old bytes. Each holds only while its key
 * is still what it was compared as: what has changed meanwhile is refused and counted, and a later
 * restore sees it. Owned by one request.
 */
final class Restoring {
    private final ObjectStore store;
    private final Caller caller;
    private final Bucket bucket;
    private final boolean onlyMissing;
    private final long nowSeconds;

    /**
     * What was done, or would be.
     *
     * @param refused keys that somebody else has changed meanwhile
     * @param bytes of what was restored, none of which is copied
     */
    record Counts(long restored, long removed, long refused, long bytes) {}

    /**
     * @param onlyMissing whether keys that have an object now are left as they are
     * @param nowSeconds what was to have expired by now comes back without an expiry
     */
    Restoring(
            ObjectStore store, Caller caller, Bucket bucket, boolean onlyMissing, long nowSeconds) {
        this.nowSeconds = nowSeconds;
        this.store = store;
        this.caller = caller;
        this.bucket = bucket;
        this.onlyMissing = onlyMissing;
    }

    private boolean isLeft(DiffPage.Difference difference) {
        ObjectVersion now = difference.before();
        ObjectVersion wanted = difference.after();
        boolean settled =
                now != null
                        && wanted != null
                        && difference.sameBytes()
                        && now.attributes().equals(attributes(wanted));
        return settled || (onlyMissing && now != null);
    }

    private Attributes attributes(ObjectVersion wanted) {
        if (!wanted.expiredAt(nowSeconds)) {
            return wanted.attributes();
        }
        SortedMap<String, String> settings = new TreeMap<>(wanted.attributes().settings());
        settings.remove(Attributes.EXPIRES);
        return wanted.attributes().withSettings(settings);
    }

    Counts count(List<DiffPage.Difference> differences) {
        return counts(differences.stream().filter(d -> !isLeft(d)).toList(), null);
    }

    /**
     * @param differences from what is now to what shall be
     */
    Counts apply(List<DiffPage.Difference> differences) {
        List<DiffPage.Difference> done = differences.stream().filter(d -> !isLeft(d)).toList();
        List<ObjectChange> changes = new ArrayList<>(done.size());
        done.forEach(difference -> changes.add(change(difference)));
        return counts(done, store.changeAll(caller, changes));
    }

    private static Counts counts(
            List<DiffPage.Difference> differences, @Nullable List<Outcome> outcomes) {
        long restored = 0;
        long removed = 0;
        long refused = 0;
        long bytes = 0;
        for (int i = 0; i < differences.size(); i++) {
            ObjectVersion wanted = differences.get(i).after();
            if (outcomes != null && outcomes.get(i) instanceof Outcome.Refused) {
                refused++;
            } else if (wanted == null) {
                removed++;
            } else {
                restored++;
                bytes += wanted.sizeBytes();
            }
        }
        return new Counts(restored, removed, refused, bytes);
    }

    private ObjectChange change(DiffPage.Difference difference) {
        ObjectVersion now = difference.before();
        ObjectVersion wanted = difference.after();
        if (wanted == null) {
            if (now == null) {
                throw new IllegalArgumentException("no difference: " + difference);
            }
            return remove(now);
        }
        if (now != null && difference.sameBytes()) {
            return new ObjectChange.SetAttributes(
                    bucket.id(),
                    now.key(),
                    now.position(),
                    now.revision(),
                    attributes(wanted),
                    false);
        }
        Precondition condition =
                now == null ? new Precondition.IfAbsent() : new Precondition.IfMatch(now.etag());
        VersionRef source = new VersionRef(wanted.bucketId(), wanted.key(), wanted.position());
        return new ObjectChange.CopyObject(
                bucket.id(), wanted.key(), source, attributes(wanted), condition);
    }

    /** Where no versions are kept just this one goes, also where a delete would bring one back. */
    private ObjectChange remove(ObjectVersion now) {
        return bucket.versioning() == Versioning.OFF
                ? new ObjectChange.RemoveVersion(bucket.id(), now.key(), now.position())
                : new ObjectChange.DeleteObject(
                        bucket.id(), now.key(), null, new Precondition.IfMatch(now.etag()));
    }
}
