package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.chronicle.MirrorLabel.Mark;
import io.varve.journal.chronicle.MirrorSurvey.Cycle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The elected history, cycle by cycle.
 *
 * @param cycles in order, without a gap; none of them empty
 * @param end where it ends
 * @param nextCycle the number of the cycle that goes on
 */
record History(List<Part> cycles, Mark end, long nextCycle) {
    static final History EMPTY = new History(List.of(), Mark.NONE, 1);

    /**
     * One cycle of the history.
     *
     * @param end its last record
     * @param sources files that should hold it, the leader's first
     */
    record Part(CycleStart start, Mark end, List<Path> sources) {}

    /**
     * @throws JournalException when a cycle is missing everywhere
     */
    static History of(MirrorSurvey leader, TailScan last, Collection<MirrorSurvey> all) {
        CycleStart lastStart = last.start();
        if (lastStart == null) {
            throw new IllegalStateException("a leader's last cycle has a start: " + last.file());
        }
        boolean lastIsEmpty = last.mark().position() < lastStart.firstPosition();
        List<Part> parts = new ArrayList<>();
        if (!lastIsEmpty) {
            parts.add(new Part(lastStart, last.mark(), List.of(last.file())));
        }
        CycleStart next = lastStart;
        long firstCycle = leader.label().firstCycle();
        for (long number = lastStart.cycle() - 1; number >= firstCycle; number--) {
            Mark end = new Mark(next.firstPosition() - 1, next.parent());
            Part part = find(number, end, leader, all);
            parts.addFirst(part);
            next = part.start();
        }
        return new History(
                parts, last.mark(), lastIsEmpty ? lastStart.cycle() : lastStart.cycle() + 1);
    }

    private static Part find(
            long number, Mark end, MirrorSurvey leader, Collection<MirrorSurvey> all) {
        Cycle best = leader.cycles().get(number);
        List<Path> sources = new ArrayList<>();
        if (best != null) {
            sources.add(best.file());
        }
        for (MirrorSurvey survey : all) {
            Cycle cycle = survey.cycles().get(number);
            if (cycle == null || survey.directory().equals(leader.directory())) {
                continue;
            }
            if (best == null) {
                best = cycle;
            }
            if (cycle.start().isSameCycleAs(best.start())) {
                sources.add(cycle.file());
            }
        }
        if (best == null) {
            throw new JournalException(
                    ("journal is damaged and no mirror has what is missing:"
                                    + " cycle=%d, last position=%d, file=%s")
                            .formatted(
                                    number,
                                    end.position(),
                                    CycleDirectory.of(leader.directory(), number).file()));
        }
        return new Part(best.start(), end, sources);
    }
}
