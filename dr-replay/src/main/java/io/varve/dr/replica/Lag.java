package io.varve.dr.replica;

/**
 * How far a standby is behind, as of its last word from the site it follows.
 *
 * @param position up to where it has everything
 * @param peerEnd where the other journal ended when it was last asked
 * @param bytes that the missing records bring, payloads and blobs; -1 while the other site counts
 * @param upToDateNanos when ({@link System#nanoTime}) it was last known to have all there was; the
 *     moment at which the question was sent, so that what it says is never too good
 * @param everUpToDate whether it ever was
 * @param oldestMissingMicros record time of the first record it knows of and has not, or of the one
 *     before; 0 for none
 * @param recordsPerSecond that it brings in while there are any, over the last minute or so
 * @param arrivalsPerSecond records that are new at the other site meanwhile
 * @param contact whether the other site answered the last time
 * @param trouble what holds it up; empty for nothing
 */
public record Lag(
        long position,
        long peerEnd,
        long bytes,
        long upToDateNanos,
        boolean everUpToDate,
        long oldestMissingMicros,
        double recordsPerSecond,
        double arrivalsPerSecond,
        boolean contact,
        String trouble) {

    public long records() {
        return Math.max(0, peerEnd - position);
    }

    /** For how long, by the nano clock, what is read here may be out of date; -1 for unknown. */
    public long ageNanos(long nowNanos) {
        return everUpToDate ? Math.max(0, nowNanos - upToDateNanos) : -1;
    }

    /**
     * Until it has caught up, if both go on as they did; 0 when it has, -1 when it does not come
     * nearer.
     */
    public long secondsToCatchUp() {
        if (records() == 0) {
            return 0;
        }
        double nearer = recordsPerSecond - arrivalsPerSecond;
        return contact && nearer > 0 ? (long) Math.ceil(records() / nearer) : -1;
    }
}
