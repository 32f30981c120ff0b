package io.varve.endpoint.large;

/** A large object cannot be read: something that it is made of is gone, changed, or closed. */
public final class LargeObjectException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean denied;

    LargeObjectException(String message) {
        this(message, false);
    }

    LargeObjectException(String message, boolean denied) {
        super(message, null, false, false);
        this.denied = denied;
    }

    /** Whether the reader may not even know what it is made of. */
    public boolean denied() {
        return denied;
    }
}
