package io.varve.devices;

/**
 * Figures of one device, each exact for itself but not all of one instant.
 *
 * @param segmentCount segments with records
 * @param segmentBytes what they take on media, of which
 * @param liveBytes are records still needed, and
 * @param deadBytes can be won back by compaction
 * @param writableBytes what writes may still add
 * @param blobCount live blobs
 * @param queuedBytes payload waiting to be written
 * @param speed how fast it is
 * @param traffic what was done since the device was opened
 * @param fullness by the limits of its set, as of some second ago
 */
public record DeviceStats(
        int deviceId,
        DeviceState state,
        int segmentCount,
        long segmentBytes,
        long liveBytes,
        long deadBytes,
        long writableBytes,
        long blobCount,
        long queuedBytes,
        Speed speed,
        Traffic traffic,
        Fullness fullness) {
    /** What segments take, without what compaction can win back. */
    public long usedBytes() {
        return segmentBytes - deadBytes;
    }

    /** What the device has for segments, taken or not; not known of one that is not up. */
    public long capacityBytes() {
        return segmentBytes + writableBytes;
    }

    /** How much of it is taken, from 0 to 1. */
    public double usedShare() {
        return capacityBytes() == 0 ? 0 : (double) usedBytes() / capacityBytes();
    }

    /**
     * How long accesses take of late.
     *
     * @param readMicros a read that had to wait for the device; 0 = there was none
     * @param batchMicros a group of writes and its sync; 0 = there was none
     * @param slow whether reads avoid it, because it takes much longer than the others
     */
    public record Speed(long readMicros, long batchMicros, boolean slow) {
        public static final Speed NONE = new Speed(0, 0, false);
    }

    /**
     * Counted since the device was opened.
     *
     * @param batches groups of records that shared one sync
     * @param damagedReads copies found not to match their checksums
     * @param compactedBytes live records that compaction moved
     * @param releasedSegments segments that it made reusable
     */
    public record Traffic(
            long writtenBlobs,
            long writtenBytes,
            long deletedBlobs,
            long batches,
            long readBlobs,
            long readBytes,
            long damagedReads,
            long compactedBytes,
            long releasedSegments) {
        public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Of a device that never came up. */
    public static DeviceStats missing(int deviceId) {
        return new DeviceStats(
                deviceId,
                DeviceState.MISSING,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                Speed.NONE,
                Traffic.NONE,
                Fullness.ROOMY);
    }
}
