package io.varve.projections;

/**
 * What a view's store holds is not what was written, or is of a format this version does not read.
 * The view must be made anew from the journal.
 */
public final class ViewDamagedException extends ViewException {
    private static final long serialVersionUID = 1;

    public ViewDamagedException(String message) {
        super(message);
    }

    public ViewDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
