package io.varve.devices;

/**
 * How far backfill is. What was done is counted since the pool was opened; what remains is reckoned
 * from what the devices hold, so that nothing need be kept over a restart.
 *
 * @param groupsRemaining placement groups whose devices do not all hold the same, or that have
 *     copies elsewhere
 * @param bytesRemaining payload still to be copied, by the sizes of the groups
 * @param copiedBlobs copies made
 * @param copiedBytes their payload
 * @param droppedCopies copies dropped where they do not belong
 * @param failures copies that could not be made or dropped; they are tried again
 * @param bytesPerSecond payload copied lately; 0 = nothing
 */
public record BackfillProgress(
        int groupsRemaining,
        long bytesRemaining,
        long copiedBlobs,
        long copiedBytes,
        long droppedCopies,
        long failures,
        long bytesPerSecond) {
    /** When it will be done at the speed of late; -1 when that cannot be told. */
    public long secondsRemaining() {
        if (bytesRemaining == 0) {
            return 0;
        }
        return bytesPerSecond == 0 ? -1 : bytesRemaining / bytesPerSecond;
    }
}
