package io.varve.journal.record;

/**
 * A version of a key: the position of the record that made it, or {@link #NULL} for the one that S3
 * calls {@code null} (made while versioning was off or suspended).
 */
public record VersionId(long position) {
    public static final VersionId NULL = new VersionId(0);

    public boolean isNull() {
        return position == 0;
    }
}
