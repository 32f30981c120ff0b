package io.varve.projections.identity;

/**
 * A project: the account that owns buckets.
 *
 * @param position of the record that put this state
 */
public record Project(
        String id,
        String domainId,
        String name,
        String description,
        boolean enabled,
        long createdMicros,
        long position) {}
