package io.varve.projections.namespace;

/**
 * A point of the past: just after a record, and before the next.
 *
 * @param position of the last record that is in it; 0 is before the first
 * @param micros the time it stands for, which decides what had expired: that of the record, or a
 *     later one before the next record
 */
public record Moment(long position, long micros) {}
