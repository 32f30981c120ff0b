package io.varve.endpoint.link;

/** A link leads nowhere that its reader may go. */
public final class LinkException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Reason {
        /** Links lead to links, too often. */
        TOO_MANY,
        /** The target has another ETag than the link is for. */
        CHANGED,
        GONE,
        DENIED
    }

    private final Reason reason;
    private final transient LinkStep step;

    LinkException(Reason reason, LinkStep step, String message) {
        super(message, null, false, false);
        this.reason = reason;
        this.step = step;
    }

    public Reason reason() {
        return reason;
    }

    /** The last link that was followed. */
    public LinkStep step() {
        return step;
    }
}
