package io.varve.devices.log;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A moment between two batches of the agent: what was appended up to it is in the index. A saved
 * index names the moment at which its saving began, and holds for nothing behind it.
 *
 * @param recordNumber the last one given to a record
 * @param sequence the last one given to a segment
 * @param lives the segments that held records
 * @param open where the open segment ended; null when there was none
 */
record IndexMark(long recordNumber, long sequence, List<Life> lives, @Nullable Open open) {

    /** A segment, and which life of its file it was. */
    record Life(Segment segment, long sequence) {
        /** Whether it may hold twins now; a later life says nothing of this one. */
        boolean mayHoldTwins() {
            return segment.mayHoldTwins() && segment.sequence() == sequence;
        }
    }

    /**
     * The open segment.
     *
     * @param end where its records ended, a multiple of the block size
     * @param lastBatch number of its last batch
     * @param entries what it held
     */
    record Open(long sequence, long end, int lastBatch, SegmentEntries entries) {}
}
