package io.varve.endpoint.access;

/** What should be an access list is none. The message may be shown to the client. */
public final class AccessListException extends Exception {
    private static final long serialVersionUID = 1L;

    AccessListException(String message) {
        super(message);
    }
}
