package io.varve.endpoint.server;

/** An address cannot be listened on; the message says which, and why. */
public final class ListenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ListenException(String message, Throwable cause) {
        super(message, cause);
    }
}
