package io.varve.journal.record;

/** What must hold of the key's current version for a change to take effect. */
public sealed interface Precondition {
    Precondition NONE = new None();

    record None() implements Precondition {}

    /** {@code If-None-Match: *}: there is no current object (a delete marker counts as none). */
    record IfAbsent() implements Precondition {}

    /** {@code If-Match}: there is a current object and its ETag is this one; {@code *} is any. */
    record IfMatch(String etag) implements Precondition {}

    /**
     * There is no current object, or it was written before this (microseconds since the epoch):
     * that is what its setting {@link Attributes#ORIGIN} says, else the time of its record. What
     * comes from another site takes effect only where it is newer; and of a delete this is when it
     * was asked for there.
     */
    record IfOlder(long originMicros) implements Precondition {
        public IfOlder {
            if (originMicros < 0) {
                throw new IllegalArgumentException("originMicros=" + originMicros);
            }
        }
    }
}
