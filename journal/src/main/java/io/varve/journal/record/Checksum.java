package io.varve.journal.record;

/**
 * A checksum as S3 shows it.
 *
 * @param value base64 of the big-endian digest; a composite one ends in {@code -N}, the number of
 *     parts
 */
public record Checksum(ChecksumAlgorithm algorithm, ChecksumType type, String value) {}
