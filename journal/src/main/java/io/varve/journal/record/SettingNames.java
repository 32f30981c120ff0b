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

    private SettingNames() {}
}
