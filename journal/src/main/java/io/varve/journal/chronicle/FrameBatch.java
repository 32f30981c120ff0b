package io.varve.journal.chronicle;

import io.varve.journal.chronicle.MirrorLabel.Mark;

import org.jspecify.annotations.Nullable;

/**
 * Frames that share one sync. Not changed once it is handed to the mirrors.
 *
 * @param newCycle the cycle that begins before the first frame, or null to go on with the open one
 * @param bytes the frames, one after the other
 * @param ends where each frame ends in the bytes
 * @param end the place of the last frame, or of the one before when there is none here
 */
record FrameBatch(@Nullable CycleStart newCycle, byte[] bytes, int[] ends, Mark end) {

    int frameCount() {
        return ends.length;
    }

    int frameStart(int frame) {
        return frame == 0 ? 0 : ends[frame - 1];
    }

    int frameLength(int frame) {
        return ends[frame] - frameStart(frame);
    }

    long spaceBytes() {
        return ChronicleCycleAppender.spaceFor(ends.length, bytes.length);
    }
}
