package io.varve.endpoint.server;

import java.io.IOException;

/**
 * The rest of a request body cannot be had. Thrown by {@link HttpRequest#body()}; the connection is
 * closed after the answer, if one can still be given.
 */
public final class BodyException extends IOException {
    private static final long serialVersionUID = 1;

    /** What happened, for the protocol's own error. */
    public enum Reason {
        /** The client is gone before the end it announced: nobody reads an answer. */
        DISCONNECTED,
        /** Nothing came for longer than allowed; the client may still read an answer. */
        TIMED_OUT,
        /** More than the server takes in one request. */
        TOO_LARGE,
        /** The framing is not HTTP. */
        MALFORMED
    }

    private final Reason reason;

    public BodyException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
