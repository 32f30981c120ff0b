package io.varve.endpoint.s3;

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
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes keys read as they were, by records that share the old bytes. Each holds only while its key
 * is still what it was compared as: what has changed meanwhile is refused and counted, and a later
 * restore sees it. So is what the caller has no right to. Owned by one request.
 */
final class Restoring {
    private final S3Call call;
    private final Access access;
    private final Bucket target;
    private final Bucket source;
    private final boolean onlyMissing;
    private final long nowSeconds;

    private long denied;

    /** What one record is to do, in the order of the records. */
    private final List<Step> steps = new ArrayList<>();

    /**
     * @param bytes of what is restored
     */
    private record Step(boolean removal, long bytes) {}

    /**
     * What was done, or would be.
     *
     * @param refused keys that somebody else has changed meanwhile, or that the caller may not
     *     change
     * @param bytes of what was restored, none of which is copied
     */
    record Counts(long restored, long removed, long refused, long bytes) {}

    /**
     * @param source whose past it is; mostly the target itself
     * @param onlyMissing whether keys that have an object now are left as they are
     * @param nowSeconds what was to have expired by now comes back without an expiry
     */
    Restoring(
            S3Call call,
            Access access,
            Bucket target,
            Bucket source,
            boolean onlyMissing,
            long nowSeconds) {
        this.call = call;
        this.access = access;
        this.target = target;
        this.source = source;
        this.onlyMissing = onlyMissing;
        this.nowSeconds = nowSeconds;
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

    /** What policies say of single keys holds for a restore too. */
    private boolean isAllowed(DiffPage.Difference difference) {
        ObjectVersion wanted = difference.after();
        Right right = wanted == null ? Right.deleteObject(false) : Right.PUT_OBJECT;
        String key = difference.key();
        return !isDenied(target, right, key, difference.before())
                && (wanted == null
                        || source.id() == target.id()
                        || access.allows(
                                call,
                                source,
                                Right.getObject(false),
                                key,
                                () -> Optional.of(wanted)));
    }

    private boolean isDenied(
            Bucket bucket, Right right, String key, @Nullable ObjectVersion object) {
        return access.denies(call, bucket, right, key, () -> Optional.ofNullable(object));
    }

    Counts count(Iterator<DiffPage.Difference> differences) {
        changes(differences).forEachRemaining(change -> {});
        return counts(null);
    }

    /**
     * @param differences from what is now to what shall be
     */
    Counts apply(ObjectStore store, Iterator<DiffPage.Difference> differences) {
        return counts(store.changeAll(call.caller(), () -> changes(differences)));
    }

    private Counts counts(@Nullable List<Outcome> outcomes) {
        long restored = 0;
        long removed = 0;
        long refused = denied;
        long bytes = 0;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (outcomes != null && outcomes.get(i) instanceof Outcome.Refused) {
                refused++;
            } else if (step.removal()) {
                removed++;
            } else {
                restored++;
                bytes += step.bytes();
            }
        }
        return new Counts(restored, removed, refused, bytes);
    }

    private Iterator<ObjectChange> changes(Iterator<DiffPage.Difference> differences) {
        return new Iterator<>() {
            private @Nullable ObjectChange next = advance();

            private @Nullable ObjectChange advance() {
                while (differences.hasNext()) {
                    DiffPage.Difference difference = differences.next();
                    if (isLeft(difference)) {
                        continue;
                    }
                    if (isAllowed(difference)) {
                        return change(difference);
                    }
                    denied++;
                }
                return null;
            }

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public ObjectChange next() {
                ObjectChange change = next;
                if (change == null) {
                    throw new NoSuchElementException();
                }
                next = advance();
                return change;
            }
        };
    }

    private ObjectChange change(DiffPage.Difference difference) {
        ObjectVersion now = difference.before();
        ObjectVersion wanted = difference.after();
        if (wanted == null) {
            if (now == null) {
                throw new IllegalArgumentException("no difference: " + difference);
            }
            steps.add(new Step(true, 0));
            return remove(now);
        }
        steps.add(new Step(false, wanted.sizeBytes()));
        if (now != null && difference.sameBytes()) {
            return new ObjectChange.SetAttributes(
                    target.id(),
                    now.key(),
                    now.position(),
                    now.revision(),
                    attributes(wanted),
                    false);
        }
        Precondition condition =
                now == null ? new Precondition.IfAbsent() : new Precondition.IfMatch(now.etag());
        VersionRef from = new VersionRef(wanted.bucketId(), wanted.key(), wanted.position());
        return new ObjectChange.CopyObject(
                target.id(), wanted.key(), from, attributes(wanted), condition);
    }

    /** Where no versions are kept just this one goes, also where a delete would bring one back. */
    private ObjectChange remove(ObjectVersion now) {
        return target.versioning() == Versioning.OFF
                ? new ObjectChange.RemoveVersion(target.id(), now.key(), now.position())
                : new ObjectChange.DeleteObject(
                        target.id(), now.key(), null, new Precondition.IfMatch(now.etag()));
    }
}
