package io.varve.journal.record;

/** What a multipart object's checksum covers: all bytes in order, or the checksums of the parts. */
public enum ChecksumType {
    FULL_OBJECT,
    COMPOSITE
}
