package io.varve.projections.namespace;

/**
 * A moment of a bucket that has a name, and can be read for as long as it has.
 *
 * @param name unique within the bucket
 */
public record Snapshot(long bucketId, String name, Moment moment) {}
