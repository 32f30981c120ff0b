package io.varve.endpoint.sync;

/** The settings of a bucket that have to do with sync. */
public final class SyncSettings {
    /** Where its objects go to: {@code //realm/cluster/account/container}. */
    public static final String TO = "swift.sync-to";

    /** The secret that it shares with the container there. */
    public static final String KEY = "swift.sync-key";

    /** How far they have got there, as {@link Progress} writes it. */
    public static final String PROGRESS = "sync.progress";

    private SyncSettings() {}
}
