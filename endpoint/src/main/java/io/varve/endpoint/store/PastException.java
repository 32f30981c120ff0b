package io.varve.endpoint.store;

import io.varve.projections.namespace.Moment;
import io.varve.projections.namespace.MomentException;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Why a moment cannot be read, as clients are told. Carries no stack trace. */
public final class PastException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PastException(String message) {
        super(message, null, false, false);
    }

    /** What a client is told of it. */
    public static String told(MomentException e) {
        Moment bound = e.bound();
        Instant at = Instant.EPOCH.plus(bound.micros(), ChronoUnit.MICROS);
        return switch (e.reason()) {
            case FORGOTTEN ->
                    "What was there at this moment is kept no longer. The past can be read from "
                            + "%s on, which is position %d.".formatted(at, bound.position());
            case FUTURE ->
                    "This moment has not come yet. The last record is at position %d."
                            .formatted(bound.position());
        };
    }
}
