package io.varve.journal.record;

/** What must hold of the key's current version for a change to take effect. */
public sealed interface Precondition {
    Precondition NONE = new None();

    record None() implements Precondition {}

    /** {@code If-None-Match: *}: there is no current object (a delete marker counts as none). */
    record IfAbsent() implements Precondition {}

    /** {@code If-Match}: there is a current object and its ETag is this one; {@code *} is any. */
    record IfMatch(String etag) implements Precondition {}
}
