package io.varve.projections.identity;

/**
 * What user and project names are unique in.
 *
 * @param position of the record that put this state
 */
public record Domain(
        String id,
        String name,
        String description,
        boolean enabled,
        long createdMicros,
        long position) {}
