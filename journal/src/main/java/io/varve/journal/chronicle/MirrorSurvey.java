package io.varve.journal.chronicle;

import io.varve.journal.chronicle.MirrorLabel.Mark;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a mirror directory holds, found without changing it. Older cycles are looked at only at
 * their first frame; the last one is read whole.
 *
 * @param cycles those with an intact first frame, by number
 * @param unborn directories of cycles that hold no record: remains of a roll that a crash cut off
 * @param damaged numbers of cycles that must exist and have no intact first frame here
 * @param last the last cycle that was born, or null when there is none
 */
record MirrorSurvey(
        Path directory,
        MirrorLabel label,
        NavigableMap<Long, Cycle> cycles,
        List<CycleDirectory> unborn,
        List<Long> damaged,
        @Nullable TailScan last) {

    /** A cycle file and its first frame. */
    record Cycle(CycleDirectory place, Path file, CycleStart start) {}

    static MirrorSurvey of(Path directory, MirrorLabel label, FrameRules rules) throws IOException {
        TreeMap<Long, Cycle> cycles = new TreeMap<>();
        List<CycleDirectory> unborn = new ArrayList<>();
        List<Long> damaged = new ArrayList<>();
        TailScan last = null;
        List<CycleDirectory> places = CycleDirectory.list(directory);
        for (CycleDirectory place : places.reversed()) {
            Path file = Files.exists(place.file()) ? place.file() : null;
            if (last == null) {
                TailScan scan = file == null ? null : TailScan.of(file, rules);
                if (scan == null || (scan.start() == null && !scan.hasRecords())) {
                    unborn.add(place);
                    continue;
                }
                last = scan;
            }
            CycleStart start = file == null ? null : firstFrame(file, rules);
            if (file == null || start == null || !isInPlace(start, place, label)) {
                damaged.add(place.number());
            } else {
                cycles.put(place.number(), new Cycle(place, file, start));
            }
        }
        if (last != null) {
            addMissing(label.firstCycle(), cycles, damaged);
        }
        return new MirrorSurvey(directory, label, cycles, unborn, damaged, last);
    }

    private static @Nullable CycleStart firstFrame(Path file, FrameRules rules) throws IOException {
        try (CycleCursor cursor = new CycleCursor(file, rules)) {
            return cursor.start();
        }
    }

    private static boolean isInPlace(CycleStart start, CycleDirectory place, MirrorLabel label) {
        return start.cycle() == place.number() && start.siteId().equals(label.siteId());
    }

    private static void addMissing(
            long firstCycle, NavigableMap<Long, Cycle> cycles, List<Long> damaged) {
        long highest = cycles.isEmpty() ? firstCycle : cycles.lastKey();
        for (long number = firstCycle; number < highest; number++) {
            if (!cycles.containsKey(number) && !damaged.contains(number)) {
                damaged.add(number);
            }
        }
    }

    /** Where the intact history ends. */
    Mark end() {
        return last == null ? Mark.NONE : last.mark();
    }

    /** The highest position that this mirror knows was durable; its own history may end before. */
    long evidence() {
        return Math.max(label.mark().position(), last == null ? 0 : last.syncedPosition());
    }

    /** Whether records that were durable cannot be read here. */
    boolean isDamaged() {
        return evidence() > end().position() || (last != null && last.start() == null);
    }

    /** What is wrong, for people. */
    String damage() {
        if (last == null) {
            return "no cycle file in %s, though position %d was durable"
                    .formatted(directory, evidence());
        }
        String reason = last.reason() == null ? "the file ends too early" : last.reason();
        return "file=%s, position=%d, offset=%d: %s"
                .formatted(last.file(), end().position() + 1, last.goodBytes(), reason);
    }
}
