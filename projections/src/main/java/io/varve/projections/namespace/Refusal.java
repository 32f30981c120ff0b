package io.varve.projections.namespace;

/** Why a record was not applied. Protocols map each to their own error. */
public enum Refusal {
    BUCKET_EXISTS,
    BUCKET_OWNED_BY_CALLER,
    NO_SUCH_BUCKET,
    BUCKET_NOT_EMPTY,
    /** A bucket is not removed while a moment of it has a name. */
    BUCKET_HAS_SNAPSHOTS,
    SNAPSHOT_EXISTS,
    NO_SUCH_SNAPSHOT,
    TOO_MANY_SNAPSHOTS,
    NO_SUCH_KEY,
    NO_SUCH_VERSION,
    PRECONDITION_FAILED,
    NO_SUCH_UPLOAD,
    INVALID_PART,
    INVALID_PART_ORDER,
    PART_TOO_SMALL,
    /**
     * The source version of a copy went away between the read and the record: read again, then
     * retry.
     */
    SOURCE_GONE,
    /** The version got other attributes since they were read: read again, then retry. */
    REVISED,
    /** The put would grow the bucket or the account beyond its quota. */
    QUOTA_EXCEEDED,
    /** The storage class takes no more objects. */
    STORAGE_CLASS_CLOSED,
    /** The settings of the bucket or account would become too large. */
    SETTINGS_TOO_LARGE,
    /** The bucket's archive is not there, or has no room for a name that long. */
    NO_SUCH_ARCHIVE,
    /** Versioning cannot return to off. */
    INVALID_VERSIONING,
    /** The same request was applied at an earlier position, not long before. */
    REPEATED_REQUEST
}
