package io.varve.endpoint.transition;

import java.util.List;

/**
 * How far a request is.
 *
 * @param id grows with each request; of one that goes on after a restart it is the same
 * @param looked versions that were looked at
 * @param moved versions that are in the class since, by this request
 * @param movedBytes of these
 * @param overtaken versions that went away or were moved meanwhile
 * @param failed versions that could not be moved; asking again tries them again
 * @param failures of the first of these, what went wrong
 */
public record TransitionStatus(
        long id,
        TransitionRequest request,
        State state,
        long looked,
        long moved,
        long movedBytes,
        long overtaken,
        long failed,
        List<String> failures) {

    /** A request waits, is carried out, and has ended then, for better or worse. */
    public enum State {
        WAITING,
        RUNNING,
        DONE,
        /** Ended before it had looked at everything. */
        STOPPED
    }

    public TransitionStatus {
        failures = List.copyOf(failures);
    }
}
