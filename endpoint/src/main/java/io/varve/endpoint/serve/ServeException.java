package io.varve.endpoint.serve;

import org.jspecify.annotations.Nullable;

/** The server cannot start; the message says why in one line. */
public final class ServeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ServeException(String message) {
        this(message, null);
    }

    ServeException(String message, @Nullable Throwable cause) {
        super(cause == null ? message : message + ": " + cause.getMessage(), cause);
    }
}
