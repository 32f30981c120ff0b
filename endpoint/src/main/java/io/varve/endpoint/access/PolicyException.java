package io.varve.endpoint.access;

/** What should be a bucket policy is none. The message may be shown to the client. */
public final class PolicyException extends Exception {
    private static final long serialVersionUID = 1L;

    PolicyException(String message) {
        super(message);
    }
}
