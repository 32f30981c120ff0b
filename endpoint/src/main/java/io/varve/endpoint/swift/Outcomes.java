package io.varve.endpoint.swift;

import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

/** Takes the outcome of a record apart: the one that was hoped for, or Swift's error. */
final class Outcomes {
    private Outcomes() {}

    /** The outcome, which can only be of this kind when the record was not refused. */
    static <T extends Outcome> T expect(Class<T> kind, Outcome outcome) {
        if (outcome instanceof Outcome.Refused(Refusal reason)) {
            throw refusal(reason);
        }
        if (!kind.isInstance(outcome)) {
            throw new IllegalStateException(
                    "the namespace answered " + outcome + " where " + kind + " was due");
        }
        return kind.cast(outcome);
    }

    static void expectApplied(Outcome outcome) {
        if (outcome instanceof Outcome.Refused(Refusal reason)) {
            throw refusal(reason);
        }
    }

    private static SwiftRefusal refusal(Refusal reason) {
        return switch (reason) {
            case BUCKET_EXISTS, BUCKET_OWNED_BY_CALLER, BUCKET_NOT_EMPTY ->
                    StatusPage.CONFLICT.refusal();
            case BUCKET_HAS_SNAPSHOTS -> StatusPage.CONFLICT.plain("The container has snapshots");
            case NO_SUCH_BUCKET, NO_SUCH_KEY, NO_SUCH_VERSION -> StatusPage.NOT_FOUND.refusal();
            case PRECONDITION_FAILED, NO_SUCH_ARCHIVE -> StatusPage.PRECONDITION_FAILED.refusal();
            case QUOTA_EXCEEDED ->
                    StatusPage.REQUEST_ENTITY_TOO_LARGE.refusal("Upload exceeds quota.");
            case STORAGE_CLASS_CLOSED ->
                    StatusPage.CONFLICT.plain("The storage policy takes no more objects");
            case SETTINGS_TOO_LARGE -> StatusPage.BAD_REQUEST.plain("Total metadata too large");
            // Somebody else's write came between, again and again: the client may try again.
            case SOURCE_GONE, REVISED -> StatusPage.SERVICE_UNAVAILABLE.refusal();
            case NO_SUCH_UPLOAD,
                    INVALID_PART,
                    INVALID_PART_ORDER,
                    PART_TOO_SMALL,
                    INVALID_VERSIONING,
                    SNAPSHOT_EXISTS,
                    NO_SUCH_SNAPSHOT,
                    TOO_MANY_SNAPSHOTS,
                    REPEATED_REQUEST ->
                    throw new IllegalStateException("a Swift request was refused for " + reason);
        };
    }
}
