package io.varve.endpoint.large;

/** A large object cannot be read: something that it is made of is gone, changed, or closed. */
public final class LargeObjectException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LargeObjectException(String message) {
        super(message, null, false, false);
    }
}
