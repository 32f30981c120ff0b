package io.varve.devices.log;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Requests on their way to the agent, in the order of their coming. Any thread pushes, without
 * waiting; whoever owns the agent's work takes them all at once.
 */
final class RequestQueue {
    private final AtomicReference<@Nullable LogRequest> newest = new AtomicReference<>();

    /** Adds one; returns whether the queue was empty, so that its taker may have to be woken. */
    boolean push(LogRequest request) {
        LogRequest before;
        do {
            before = newest.get();
            request.next = before;
        } while (!newest.compareAndSet(before, request));
        return before == null;
    }

    boolean isEmpty() {
        return newest.get() == null;
    }

    /** Moves all there are to the end of the target. */
    void drainTo(ArrayDeque<LogRequest> target) {
        LogRequest request = newest.getAndSet(null);
        LogRequest oldest = null;
        while (request != null) {
            LogRequest before = request.next;
            request.next = oldest;
            oldest = request;
            request = before;
        }
        while (oldest != null) {
            LogRequest after = oldest.next;
            oldest.next = null;
            target.add(oldest);
            oldest = after;
        }
    }
}
