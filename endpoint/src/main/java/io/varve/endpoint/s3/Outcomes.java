package io.varve.endpoint.s3;

import io.varve.projections.namespace.Outcome;

/** Takes the outcome of a record apart: the one that was hoped for, or S3's error. */
final class Outcomes {
    private Outcomes() {}

    /** The outcome, which can only be of this kind when the record was not refused. */
    static <T extends Outcome> T expect(Class<T> kind, Outcome outcome, S3Call call) {
        if (outcome instanceof Outcome.Refused(var reason)) {
            throw Resources.refusal(reason, call);
        }
        if (!kind.isInstance(outcome)) {
            throw new IllegalStateException(
                    "the namespace answered " + outcome + " where " + kind + " was due");
        }
        return kind.cast(outcome);
    }

    static void expectApplied(Outcome outcome, S3Call call) {
        if (outcome instanceof Outcome.Refused(var reason)) {
            throw Resources.refusal(reason, call);
        }
    }
}
