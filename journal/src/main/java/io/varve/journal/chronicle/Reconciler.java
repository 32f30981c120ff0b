package io.varve.journal.chronicle;

import io.varve.journal.chronicle.MirrorLabel.Mark;
import io.varve.journal.chronicle.MirrorSurvey.Cycle;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes a mirror hold exactly the elected history. Files are replaced whole by a rename, so that a
 * crash leaves either the old or the new one. Single-threaded.
 */
final class Reconciler {
    private final History history;
    private final Map<Path, MirrorSurvey> surveys;
    private final JournalMedia media;
    private final Consumer<JournalEvent> events;
    private final FrameRules rules;
    private final CycleInstaller installer;

    Reconciler(
            History history,
            Map<Path, MirrorSurvey> surveys,
            JournalMedia media,
            Consumer<JournalEvent> events,
            FrameRules rules) {
        this.history = history;
        this.surveys = surveys;
        this.media = media;
        this.events = events;
        this.rules = rules;
        this.installer = new CycleInstaller(media, events, rules);
    }

    void reconcile(Mirror mirror) throws IOException {
        MirrorSurvey survey = surveys.get(mirror.directory());
        long agreedEnd = survey == null ? 0 : commonEnd(survey);
        removeBeyondHistory(mirror.directory());
        for (History.Part part : history.cycles()) {
            CycleDirectory place = CycleDirectory.of(mirror.directory(), part.start().cycle());
            if (survey == null || !holds(survey, part)) {
                Path source = installer.install(part, mirror.directory());
                tellOfRepair(survey, part, place, source);
            } else if (isLast(survey, part)) {
                close(survey, place);
            }
            mirror.addCycle(part.start().firstPosition(), place.file());
        }
        tell(mirror.directory(), survey, agreedEnd);
    }

    /**
     * Whether the mirror's own file of a cycle can stay, apart from what is behind its end. Where a
     * cycle ends that is not the last, the start of the next one says.
     */
    private boolean holds(MirrorSurvey survey, History.Part part) {
        Cycle mine = survey.cycles().get(part.start().cycle());
        if (mine == null || !mine.start().isSameCycleAs(part.start())) {
            return false;
        }
        if (isLast(survey, part)) {
            return survey.end().isSameAs(part.end());
        }
        Cycle next = survey.cycles().get(part.start().cycle() + 1);
        return next != null
                && part.end()
                        .isSameAs(
                                new Mark(next.start().firstPosition() - 1, next.start().parent()));
    }

    private static boolean isLast(MirrorSurvey survey, History.Part part) {
        TailScan last = survey.last();
        return last != null && last.start() != null && last.start().cycle() == part.start().cycle();
    }

    /**
     * Closes the cycle that was open: what is behind its last record goes, and so does the rest.
     */
    private void close(MirrorSurvey survey, CycleDirectory place) throws IOException {
        TailScan last = survey.last();
        if (last != null && last.goodBytes() < last.fileBytes()) {
            media.truncate(last.file(), last.goodBytes());
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place.directory())) {
            for (Path file : files) {
                if (!file.equals(place.file())) {
                    media.delete(file);
                }
            }
        }
    }

    private void removeBeyondHistory(Path directory) throws IOException {
        List<CycleDirectory> places = CycleDirectory.list(directory);
        for (CycleDirectory place : places.reversed()) {
            if (place.number() >= history.nextCycle()) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(place.directory())) {
                    for (Path file : files) {
                        media.delete(file);
                    }
                }
                media.delete(place.directory());
                media.syncDirectory(directory);
            }
        }
    }

    /** The last position up to which a mirror and the history are the same. */
    private long commonEnd(MirrorSurvey survey) throws IOException {
        for (History.Part part : history.cycles().reversed()) {
            Cycle mine = survey.cycles().get(part.start().cycle());
            if (mine == null || !mine.start().isSameCycleAs(part.start())) {
                continue;
            }
            if (holds(survey, part)) {
                return part.end().position();
            }
            return Math.min(
                    part.end().position(), commonEnd(mine.file(), part.sources().getFirst()));
        }
        return 0;
    }

    private long commonEnd(Path mine, Path theirs) throws IOException {
        try (CycleCursor a = new CycleCursor(mine, rules);
                CycleCursor b = new CycleCursor(theirs, rules)) {
            if (a.start() == null || b.start() == null) {
                return 0;
            }
            long common = a.nextPosition() - 1;
            while (a.next() == CycleCursor.Step.FRAME
                    && b.next() == CycleCursor.Step.FRAME
                    && Arrays.equals(a.chainEnd(), b.chainEnd())) {
                common = a.nextPosition() - 1;
            }
            return common;
        }
    }

    private void tellOfRepair(
            @Nullable MirrorSurvey survey, History.Part part, CycleDirectory place, Path source) {
        if (survey == null) {
            return;
        }
        boolean startIsDamaged = survey.damaged().contains(part.start().cycle());
        if (startIsDamaged) {
            events.accept(
                    new JournalEvent.DamageFound(
                            place.file(), part.start().firstPosition(), "no intact cycle start"));
        }
        if (startIsDamaged || (survey.isDamaged() && isLast(survey, part))) {
            events.accept(new JournalEvent.CycleRepaired(place.file(), source));
        }
    }

    private void tell(Path directory, @Nullable MirrorSurvey survey, long agreedEnd) {
        if (survey != null) {
            TailScan last = survey.last();
            if (survey.isDamaged()) {
                events.accept(
                        new JournalEvent.DamageFound(
                                last == null ? directory : last.file(),
                                survey.end().position() + 1,
                                survey.damage()));
            } else if (last != null && last.reason() != null) {
                events.accept(
                        new JournalEvent.TornTailCut(
                                last.file(),
                                last.mark().position() + 1,
                                last.fileBytes() - last.goodBytes(),
                                last.reason()));
            }
            if (survey.end().position() > agreedEnd) {
                events.accept(
                        new JournalEvent.DivergentTailCut(
                                directory, agreedEnd + 1, survey.end().position()));
            }
        }
        if (history.end().position() > agreedEnd) {
            events.accept(
                    new JournalEvent.MirrorCaughtUp(
                            directory, agreedEnd + 1, history.end().position()));
        }
    }
}
