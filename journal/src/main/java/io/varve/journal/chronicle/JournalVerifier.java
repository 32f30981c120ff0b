package io.varve.journal.chronicle;

import io.varve.journal.chronicle.VerifyReport.MirrorReport;
import io.varve.journal.chronicle.VerifyReport.Problem;
import io.varve.journal.frame.ChainHash;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** Reads every frame of a range in every mirror. Changes nothing. Single-threaded. */
final class JournalVerifier {
    private final FrameRules rules;

    JournalVerifier(FrameRules rules) {
        this.rules = rules;
    }

    /**
     * Verifies one mirror.
     *
     * @param cycles its files by first position
     */
    MirrorReport verify(Path directory, NavigableMap<Long, Path> cycles, long from, long to) {
        Walk walk = new Walk(from, to);
        if (from <= to) {
            Long first = cycles.floorKey(from);
            NavigableMap<Long, Path> part = first == null ? cycles : cycles.tailMap(first, true);
            for (Map.Entry<Long, Path> cycle : part.entrySet()) {
                if (cycle.getKey() > to) {
                    break;
                }
                walk.cycle(cycle.getKey(), cycle.getValue());
            }
            walk.end(directory);
        }
        return new MirrorReport(
                directory,
                walk.recordCount,
                walk.byteCount,
                walk.cycleCount,
                walk.firstPosition,
                walk.lastPosition,
                walk.next > to ? VerifyReport.hex(walk.chain) : "",
                walk.problems);
    }

    /** Goes through the cycles of one mirror in order. */
    private final class Walk {
        private final long from;
        private final long to;
        private final List<Problem> problems = new ArrayList<>();
        private long next;
        private byte[] chain = ChainHash.genesis();
        private boolean chainKnown;
        private boolean damagedBefore;
        private long recordCount;
        private long byteCount;
        private int cycleCount;
        private long firstPosition;
        private long lastPosition;

        Walk(long from, long to) {
            this.from = from;
            this.to = to;
            this.next = from;
        }

        void cycle(long cycleFirst, Path file) {
            damagedBefore |= !problems.isEmpty();
            long countBefore = recordCount;
            try (CycleCursor cursor = new CycleCursor(file, rules)) {
                CycleStart start = cursor.start();
                if (start == null) {
                    problem(file, cycleFirst, 0, "no cycle start: " + cursor.badReason());
                    return;
                }
                if (chainKnown && !continues(start)) {
                    problem(file, next, 0, "the cycle does not go on where the last one ended");
                } else if (!damagedBefore && cycleFirst > next) {
                    problem(file, next, 0, "cycles are missing before");
                }
                String reason = records(cursor);
                if (reason != null) {
                    problem(file, cursor.nextPosition(), cursor.offset(), reason);
                }
                next = Math.max(next, cursor.nextPosition());
                chain = cursor.chainEnd();
                chainKnown = reason == null;
                cycleCount += recordCount > countBefore ? 1 : 0;
            } catch (IOException e) {
                problem(file, cycleFirst, 0, e.toString());
            }
        }

        private boolean continues(CycleStart start) {
            return start.firstPosition() == next && Arrays.equals(start.parent(), chain);
        }

        private @Nullable String records(CycleCursor cursor) {
            while (cursor.nextPosition() <= to) {
                switch (cursor.next()) {
                    case FRAME -> {
                        if (cursor.nextPosition() > from) {
                            count(cursor);
                        }
                    }
                    case END -> {
                        return null;
                    }
                    case BAD -> {
                        return cursor.badReason();
                    }
                }
            }
            return null;
        }

        private void count(CycleCursor cursor) {
            recordCount++;
            byteCount += cursor.frameLength();
            lastPosition = cursor.nextPosition() - 1;
            if (firstPosition == 0) {
                firstPosition = lastPosition;
            }
        }

        private void problem(Path file, long position, long offset, String reason) {
            problems.add(new Problem(file, position, offset, reason));
            chainKnown = false;
        }

        void end(Path directory) {
            if (next <= to && problems.isEmpty()) {
                problem(directory, next, 0, "the records end before position " + to);
            }
        }
    }
}
