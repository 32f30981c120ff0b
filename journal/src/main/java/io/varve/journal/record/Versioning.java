package io.varve.journal.record;

/**
 * The versioning state of a bucket. Once it has left {@code OFF} it never returns there, as in S3.
 */
public enum Versioning {
    OFF,
    ENABLED,
    SUSPENDED
}
