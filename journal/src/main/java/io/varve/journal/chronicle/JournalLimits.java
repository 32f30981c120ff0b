package io.varve.journal.chronicle;

/**
 * Bounds of a journal's memory, files and time.
 *
 * @param cycleBytes when a cycle file is about this large, the next one is begun. 64 MiB: a restart
 *     reads the last one whole (some 50 ms), and a year of a small site is still few files
 * @param blockBytes how much of a file the queue library maps at a time; a record may be at most a
 *     quarter of it. 4 MiB: the manifest of 10,000 parts fits in a record, and a new file of a
 *     small site takes little space
 * @param zeroStepBytes how far ahead of the writing the file is filled with zeros; also the reserve
 *     from which changes that free space are written when the disk is full
 * @param maxBatchRecords how many records share one sync at the most
 * @param maxBatchBytes how many bytes share one sync at the most
 * @param maxPendingRecords how many appends may wait; more callers than this block
 * @param tailRecords how many of the last records are kept in memory for readers near the end
 * @param tailBytes how many encoded bytes these records may have had
 * @param mirrorTimeoutMs a mirror that has not synced a batch in this time is dropped
 * @param markIntervalMs how often, at the most, the labels are told how far the journal is durable
 */
public record JournalLimits(
        long cycleBytes,
        int blockBytes,
        int zeroStepBytes,
        int maxBatchRecords,
        int maxBatchBytes,
        int maxPendingRecords,
        int tailRecords,
        long tailBytes,
        long mirrorTimeoutMs,
        long markIntervalMs) {

    public static final JournalLimits DEFAULT =
            new JournalLimits(
                    64L << 20, 4 << 20, 1 << 20, 1024, 2 << 20, 8192, 8192, 32L << 20, 10_000,
                    1_000);

    public JournalLimits {
        positive("cycleBytes", cycleBytes);
        positive("blockBytes", blockBytes);
        positive("zeroStepBytes", zeroStepBytes);
        positive("maxBatchRecords", maxBatchRecords);
        positive("maxBatchBytes", maxBatchBytes);
        positive("maxPendingRecords", maxPendingRecords);
        positive("tailRecords", tailRecords);
        positive("tailBytes", tailBytes);
        positive("mirrorTimeoutMs", mirrorTimeoutMs);
        positive("markIntervalMs", markIntervalMs);
        if (blockBytes < SMALLEST_BLOCK_BYTES) {
            throw new IllegalArgumentException(
                    "blockBytes is less than %d: %d".formatted(SMALLEST_BLOCK_BYTES, blockBytes));
        }
    }

    private static final int SMALLEST_BLOCK_BYTES = 64 << 10;

    /** The largest frame that fits into one excerpt. */
    int maxFrameBytes() {
        return blockBytes / 4 - FRAME_MARGIN_BYTES;
    }

    /** The queue library wants the excerpt's own header and some room behind it as well. */
    private static final int FRAME_MARGIN_BYTES = 64;

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " is not positive: " + value);
        }
    }
}
