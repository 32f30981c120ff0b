package io.varve.journal.chronicle;

import io.varve.journal.chronicle.MirrorLabel.Mark;
import io.varve.journal.frame.FrameDescriptor;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one cycle file holds: the records up to the first that is not intact, and what lies behind.
 *
 * <p>A power failure may leave any part of what was written since the last sync, so intact frames
 * behind a broken one prove nothing by themselves. But each frame says up to where all mirrors had
 * synced when it was written, this one included. If one behind the break says so of the broken
 * position, the break is damage; if none does, it is the torn end of a write that this mirror never
 * synced.
 *
 * @param start the cycle's first frame, or null when there is none that is intact
 * @param mark the last intact record in place, or the one before the cycle
 * @param lastTimeMicros of that record, or of the cycle start
 * @param lastEpoch of that record, or of the cycle start
 * @param goodBytes where the intact part of the file ends
 * @param fileBytes how long the file is
 * @param reason what is wrong behind the intact part, or null when there is nothing but zeros
 * @param syncedPosition the highest position that any frame in the file says was durable
 * @param strayRecords how many intact records there are behind the intact part. A cycle start alone
 *     does not count: it is written before the cycle is in use, and records only once it is synced
 * @param places where a walk over the intact part may begin, in order
 */
record TailScan(
        Path file,
        @Nullable CycleStart start,
        Mark mark,
        long lastTimeMicros,
        long lastEpoch,
        long goodBytes,
        long fileBytes,
        @Nullable String reason,
        long syncedPosition,
        int strayRecords,
        List<CycleCursor.Place> places) {

    private static final int WINDOW_BYTES = 1 << 20;

    /** Some hundred kilobytes apart. */
    private static final int FRAMES_BETWEEN_PLACES = 1024;

    private static final byte[] ZEROS = new byte[64 << 10];

    static TailScan of(Path file, FrameRules rules) throws IOException {
        try (CycleCursor cursor = new CycleCursor(file, rules);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            CycleStart start = cursor.start();
            long time = start == null ? 0 : start.timeMicros();
            long epoch = start == null ? 0 : start.writerEpoch();
            long synced = 0;
            long frames = 0;
            List<CycleCursor.Place> places = new ArrayList<>();
            String reason = null;
            if (start == null) {
                reason = cursor.badReason().isEmpty() ? "no cycle start" : cursor.badReason();
            } else {
                CycleCursor.Step step = cursor.next();
                while (step == CycleCursor.Step.FRAME) {
                    time = cursor.timeMicros();
                    epoch = cursor.writerEpoch();
                    synced = Math.max(synced, cursor.syncedPosition());
                    if (++frames % FRAMES_BETWEEN_PLACES == 0) {
                        places.add(cursor.place(start));
                    }
                    step = cursor.next();
                }
                reason = step == CycleCursor.Step.BAD ? cursor.badReason() : null;
            }
            Rest rest = Rest.of(channel, cursor.offset(), rules);
            if (reason == null && !rest.blank()) {
                reason = "bytes behind the last record";
            }
            Mark mark =
                    start == null
                            ? Mark.NONE
                            : new Mark(cursor.nextPosition() - 1, cursor.chainEnd());
            return new TailScan(
                    file,
                    start,
                    mark,
                    time,
                    epoch,
                    cursor.offset(),
                    channel.size(),
                    reason,
                    Math.max(synced, rest.syncedPosition()),
                    rest.records(),
                    places);
        }
    }

    /** Whether the file holds records at all, in place or not. */
    boolean hasRecords() {
        return (start != null && mark.position() >= start.firstPosition()) || strayRecords > 0;
    }

    /**
     * What lies behind the intact part.
     *
     * @param blank whether it is nothing but zeros
     * @param syncedPosition the highest one that an intact frame there states, else 0
     * @param records how many intact records there are; one may be counted twice
     */
    private record Rest(boolean blank, long syncedPosition, int records) {

        static Rest of(FileChannel channel, long from, FrameRules rules) throws IOException {
            int windowBytes = Math.max(WINDOW_BYTES, 4 * rules.maxFrameBytes());
            ByteBuffer window = ByteBuffer.allocate(windowBytes);
            Rest rest = new Rest(true, 0, 0);
            long at = from & ~3L;
            while (at < channel.size()) {
                window.clear();
                while (window.hasRemaining() && channel.read(window, at + window.position()) >= 0) {
                    // Until the window is full or the file ends.
                }
                int length = window.position();
                byte[] bytes = window.array();
                int skip = (int) Math.max(0, from - at);
                if (!isBlank(bytes, skip, length)) {
                    rest = rest.and(false).and(framesIn(bytes, length, rules));
                }
                if (length < windowBytes) {
                    break;
                }
                at += windowBytes - (rules.maxFrameBytes() + 3 & ~3);
            }
            return rest;
        }

        private Rest and(boolean nextIsBlank) {
            return new Rest(blank && nextIsBlank, syncedPosition, records);
        }

        private Rest and(Rest next) {
            return new Rest(
                    blank && next.blank,
                    Math.max(syncedPosition, next.syncedPosition),
                    records + next.records);
        }

        private static boolean isBlank(byte[] bytes, int from, int to) {
            for (int at = from; at < to; at += ZEROS.length) {
                int length = Math.min(ZEROS.length, to - at);
                if (!Arrays.equals(bytes, at, at + length, ZEROS, 0, length)) {
                    return false;
                }
            }
            return true;
        }

        private static Rest framesIn(byte[] bytes, int length, FrameRules rules) {
            long synced = 0;
            int records = 0;
            for (int at = 0; at + FrameDescriptor.HEADER_LENGTH <= length; at += 4) {
                if (FrameDescriptor.getInt(bytes, at) == FrameDescriptor.MAGIC
                        && FrameDescriptor.isHeader(bytes, at)
                        && FrameDescriptor.payloadLength(bytes, at)
                                <= length - at - FrameDescriptor.HEADER_LENGTH
                        && rules.crcMatches(bytes, at)) {
                    synced = Math.max(synced, FrameDescriptor.syncedPosition(bytes, at));
                    records +=
                            FrameDescriptor.kind(bytes, at) == FrameDescriptor.KIND_RECORD ? 1 : 0;
                }
            }
            return new Rest(true, synced, records);
        }
    }
}
