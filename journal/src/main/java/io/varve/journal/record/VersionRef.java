package io.varve.journal.record;

/**
 * Exactly one version of one key, the null version included, by the position of the record that
 * made it.
 *
 * @param position of the record that made the version; never 0
 */
public record VersionRef(long bucketId, String key, long position) {}
