package io.varve.endpoint.s3;

import io.varve.endpoint.access.AccessEvaluator;
import io.varve.endpoint.access.AccessNeed;
import io.varve.endpoint.access.AccessRequest;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.VersionId;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.function.Supplier;

/** Asks whether a request may do what it is about to do. Safe for use by many threads. */
final class Access {
    private final AccessEvaluator evaluator;

    Access(ObjectStore store) {
        this.evaluator = new AccessEvaluator(account -> store.view().account(account).settings());
    }

    AccessEvaluator evaluator() {
        return evaluator;
    }

    /**
     * What the request itself asks for, of its bucket or its object.
     *
     * @param object the object it is about, looked up when it matters
     */
    void require(S3Call call, Bucket bucket, Supplier<Optional<ObjectVersion>> object) {
        String key = call.key().isEmpty() ? null : call.key();
        VersionId version = key == null ? null : Resources.requestedVersion(call);
        Right right = Right.of(call.operation(), version != null);
        if (key != null && right.need() == AccessNeed.READ_OBJECT) {
            requireRead(call, bucket, right, key, version, object);
        } else {
            require(call, bucket, right, key, object);
        }
    }

    /**
     * To read an object. Who may not, but may list the bucket, is told when there is none: they
     * could know.
     */
    void requireRead(
            S3Call call,
            Bucket bucket,
            Right right,
            String key,
            @Nullable VersionId version,
            Supplier<Optional<ObjectVersion>> object) {
        if (allows(call, bucket, right, key, object)) {
            return;
        }
        if (object.get().isEmpty() && mayList(call, bucket)) {
            throw Resources.missing(key, version);
        }
        throw S3Error.ACCESS_DENIED.refusal();
    }

    /** Something else that it asks for along with that. */
    void require(
            S3Call call,
            Bucket bucket,
            Right right,
            @Nullable String key,
            Supplier<Optional<ObjectVersion>> object) {
        if (!allows(call, bucket, right, key, object)) {
            throw S3Error.ACCESS_DENIED.refusal();
        }
    }

    boolean allows(
            S3Call call,
            Bucket bucket,
            Right right,
            @Nullable String key,
            Supplier<Optional<ObjectVersion>> object) {
        return evaluator.allows(bucket, object, asked(call, right, key, object));
    }

    /** Whether a policy forbids it outright, whoever else would allow it. */
    boolean denies(
            S3Call call,
            Bucket bucket,
            Right right,
            String key,
            Supplier<Optional<ObjectVersion>> object) {
        return evaluator.denies(bucket, asked(call, right, key, object));
    }

    private static AccessRequest asked(
            S3Call call,
            Right right,
            @Nullable String key,
            Supplier<Optional<ObjectVersion>> object) {
        return new AccessRequest(
                call.requester(),
                right.action(),
                right.need(),
                key,
                call.header("referer"),
                new AccessFacts(call, object));
    }

    /**
     * Whether they may know which objects there are: only then a missing one is told as missing.
     */
    boolean mayList(S3Call call, Bucket bucket) {
        return allows(call, bucket, Right.LIST_BUCKET, null, Optional::empty);
    }
}
