package io.varve.devices;

/**
 * How much room a device has.
 *
 * @param segmentSizeBytes size of its segments, fixed at formatting; a multiple of 4096
 * @param capacityBytes most that its segments may take; {@link Long#MAX_VALUE} = what the file
 *     system has
 * @param lowSpaceBytes what must stay usable on the file system after any growth for writes
 * @param reservedSegments segments that writes may not use, so that deletes and compaction go on
 *     when the device is full
 * @param bulkRecordBytes records of this size or more grow the file as they are written; for
 *     smaller ones it is grown beforehand, by writing zeros, which makes their syncs cheaper but
 *     has everything written twice
 */
public record SpaceLimits(
        long segmentSizeBytes,
        long capacityBytes,
        long lowSpaceBytes,
        int reservedSegments,
        int bulkRecordBytes) {
    public static final long MIN_SEGMENT_SIZE_BYTES = 64L << 10;
    public static final long MAX_SEGMENT_SIZE_BYTES = 4L << 30;

    /**
     * The low-space threshold of 1 GiB leaves room for nine devices on one disk to grow by a
     * segment each at the same moment.
     */
    public static final SpaceLimits DEFAULT =
            new SpaceLimits(64L << 20, Long.MAX_VALUE, 1L << 30, 2, 256 << 10);

    public SpaceLimits {
        Requirement.that(
                segmentSizeBytes % 4096 == 0
                        && segmentSizeBytes >= MIN_SEGMENT_SIZE_BYTES
                        && segmentSizeBytes <= MAX_SEGMENT_SIZE_BYTES,
                "segmentSizeBytes must be a multiple of 4096 from 64 KiB to 4 GiB",
                segmentSizeBytes);
        Requirement.that(
                reservedSegments >= 1, "reservedSegments must be 1 or more", reservedSegments);
        Requirement.that(
                capacityBytes / segmentSizeBytes > reservedSegments,
                "capacityBytes must hold more than the reserved segments",
                capacityBytes);
        Requirement.that(bulkRecordBytes > 0, "bulkRecordBytes must be positive", bulkRecordBytes);
        Requirement.that(lowSpaceBytes >= 0, "lowSpaceBytes must not be negative", lowSpaceBytes);
    }

    public SpaceLimits withSegmentSizeBytes(long bytes) {
        return new SpaceLimits(
                bytes, capacityBytes, lowSpaceBytes, reservedSegments, bulkRecordBytes);
    }

    public SpaceLimits withCapacityBytes(long bytes) {
        return new SpaceLimits(
                segmentSizeBytes, bytes, lowSpaceBytes, reservedSegments, bulkRecordBytes);
    }

    public SpaceLimits withLowSpaceBytes(long bytes) {
        return new SpaceLimits(
                segmentSizeBytes, capacityBytes, bytes, reservedSegments, bulkRecordBytes);
    }
}
