package io.varve.endpoint.s3;

import io.varve.endpoint.large.LargeObject;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.Precondition;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

/** {@code If-Match} and {@code If-None-Match: *} on what writes a key. */
final class WriteConditions {
    private WriteConditions() {}

    static Precondition of(S3Call call, ObjectStore store, Bucket bucket) {
        String ifMatch = call.header("if-match");
        String ifNoneMatch = call.header("if-none-match");
        if (ifMatch != null && ifNoneMatch != null) {
            throw notImplemented("If-Match,If-None-Match");
        }
        if (ifNoneMatch != null) {
            if (!ifNoneMatch.strip().equals("*")) {
                throw notImplemented("If-None-Match");
            }
            return new Precondition.IfAbsent();
        }
        if (ifMatch == null) {
            return Precondition.NONE;
        }
        return ifMatch(ifMatch, store, bucket.id(), call.key());
    }

    /**
     * The condition in the words of the namespace, which knows a large object by the tag of its
     * manifest. The tag that S3 shows for a static one is made of what is in the manifest, so who
     * names the one has seen the other.
     */
    static Precondition ifMatch(String header, ObjectStore store, long bucketId, String key) {
        String etag = ETags.bare(header);
        return new Precondition.IfMatch(
                store.view()
                        .latest(bucketId, key)
                        .filter(current -> LargeObject.of(current).isPresent())
                        .filter(current -> ShownObject.listedEtag(current).equals(etag))
                        .map(ObjectVersion::etag)
                        .orElse(etag));
    }

    private static S3Refusal notImplemented(String header) {
        return S3Refusal.notImplementedHeader(header);
    }

    /**
     * As {@link Outcomes#expect}, but tells a condition on a key that is not there, which S3 calls
     * {@code NoSuchKey}, from one that does not hold.
     */
    static <T extends Outcome> T expect(
            Class<T> kind,
            Outcome outcome,
            S3Call call,
            ObjectStore store,
            Bucket bucket,
            Precondition condition) {
        if (outcome instanceof Outcome.Refused(Refusal reason)
                && reason == Refusal.PRECONDITION_FAILED) {
            throw refusal(call, store, bucket, condition);
        }
        return Outcomes.expect(kind, outcome, call);
    }

    private static S3Refusal refusal(
            S3Call call, ObjectStore store, Bucket bucket, Precondition condition) {
        if (condition instanceof Precondition.IfAbsent) {
            return S3Error.PRECONDITION_FAILED.refusal().with("Condition", "If-None-Match");
        }
        boolean there =
                store.view()
                        .latest(bucket.id(), call.key())
                        .filter(v -> !v.deleteMarker())
                        .isPresent();
        return there
                ? S3Error.PRECONDITION_FAILED.refusal().with("Condition", "If-Match")
                : Resources.noSuchKey(call.key());
    }
}
