package io.varve.projections.identity;

/**
 * A role: a name that protocols give a meaning.
 *
 * @param position of the record that put this state
 */
public record Role(String id, String name, String description, long createdMicros, long position) {}
