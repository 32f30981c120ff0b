package io.varve.dr;

import io.varve.projections.namespace.RowName;

/**
 * One row in which a view is not what the journal says.
 *
 * @param row what it is about
 */
public record ViewDifference(Kind kind, RowName row) {

    /** How it differs, seen from the view that was examined. */
    public enum Kind {
        /** The journal makes this row; the view lacks it. */
        MISSING,
        /** The view has this row; the journal does not make it. */
        UNEXPECTED,
        /** Both have it, with different values. */
        DIFFERENT
    }
}
