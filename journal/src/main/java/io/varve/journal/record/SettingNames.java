package io.varve.journal.record;

/** The settings of buckets and accounts that the namespace acts upon; others it only keeps. */
public final class SettingNames {
    /**
     * Of a bucket or an account: how many bytes its current objects may have, in decimal. What is
     * no number is no limit.
     */
    public static final String QUOTA_BYTES = "quota.bytes";

    /** Of a bucket: how many current objects it may have, in decimal. */
    public static final String QUOTA_OBJECTS = "quota.objects";

    /**
     * Of a bucket that keeps no versions: the name of the bucket, of the same owner, to which what
     * is overwritten moves. A delete brings the newest of it back.
     */
    public static final String ARCHIVE_STACK = "archive.stack";

    /**
     * As {@link #ARCHIVE_STACK}, but what is deleted moves there too, and a mark of the deletion
     * with it. Where a bucket has both, this one counts.
     */
    public static final String ARCHIVE_HISTORY = "archive.history";

    private SettingNames() {}
}
