package io.varve.endpoint.s3;

import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.Precondition;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

/** {@code If-Match} and {@code If-None-Match: *} on what writes a key. */
final class WriteConditions {
    private WriteConditions() {}

    static Precondition of(S3Call call) {
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
        return new Precondition.IfMatch(ETags.bare(ifMatch));
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
