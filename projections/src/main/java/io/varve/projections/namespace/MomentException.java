package io.varve.projections.namespace;

/** A moment that cannot be read: the window has closed over it, or it has not come yet. */
public final class MomentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final transient Moment bound;

    /** Why. */
    public enum Reason {
        /** Something that was there then has been forgotten. */
        FORGOTTEN,
        /** It has not come yet. */
        FUTURE
    }

    MomentException(Reason reason, Moment bound) {
        super(reason + ": bound=" + bound);
        this.reason = reason;
        this.bound = bound;
    }

    public Reason reason() {
        return reason;
    }

    /** The first moment that can be read, or the last. */
    public Moment bound() {
        return bound;
    }
}
