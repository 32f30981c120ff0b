package io.varve.projections.namespace;

import java.nio.file.Path;

/** What happens to a view as a whole, told as it happens. */
public sealed interface ViewEvent {

    /**
     * A view is open and will replay what it is missing.
     *
     * @param endPosition of the journal at that time
     */
    record Opened(long appliedPosition, long endPosition) implements ViewEvent {}

    /** A view has applied what the journal held when it was opened. */
    record CaughtUp(long recordCount, long durationMs) implements ViewEvent {}

    /** What was there cannot be used; it was moved, and the view is made anew from the journal. */
    record SetAside(Path movedTo, String reason) implements ViewEvent {}

    /**
     * A row could not be read as it was written. What it belongs to cannot be answered; at the next
     * start the view is set aside and made anew.
     */
    record Damaged(String reason) implements ViewEvent {}

    /** Applying has ended for good; every change that waited was told so. */
    record Failed(Throwable cause) implements ViewEvent {}
}
