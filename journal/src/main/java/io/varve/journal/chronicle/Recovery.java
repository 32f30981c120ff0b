package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.chronicle.MirrorLabel.Mark;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Brings the mirrors into agreement before anything is appended or read.
 *
 * <ol>
 *   <li>Lock the directories, read labels, refuse those of another site.
 *   <li>Survey each; elect the history to go on with (see {@link Election}).
 *   <li>Promise: a majority of labels takes the new writer epoch. From here on no other recovery
 *       can have the same epoch.
 *   <li>Reconcile: cut what is torn, cut what diverges, copy what is missing.
 *   <li>Accept: a majority of labels says that it agrees in the new epoch.
 * </ol>
 *
 * A crash at any step leaves all that was acknowledged where the next recovery finds it: nothing is
 * removed from a mirror but what the elected history does not contain, and that history contains
 * all that was acknowledged. Single-threaded.
 */
final class Recovery {
    private final JournalConfig config;
    private final JournalMedia media;
    private final Consumer<JournalEvent> events;
    private final FrameRules rules;
    private final List<String> failures = new ArrayList<>();

    Recovery(JournalConfig config, JournalMedia media) {
        this.config = config;
        this.media = media;
        this.events = config.events();
        this.rules = FrameRules.of(config.siteId(), config.limits());
    }

    /**
     * What was recovered: mirrors in agreement, ready for a new cycle.
     *
     * @param places in the files that were walked over, each verified up to there
     */
    record Recovered(
            List<Mirror> mirrors, RecoveredEnd end, Map<Path, List<CycleCursor.Place>> places) {}

    Recovered run() {
        List<MirrorOpening> openings = new ArrayList<>();
        try {
            openAll(openings);
            return recover(openings);
        } catch (IOException | RuntimeException e) {
            releaseAll(openings, e);
            throw e instanceof RuntimeException r
                    ? r
                    : new JournalException("journal cannot be opened: " + e.getMessage(), e);
        }
    }

    private void openAll(List<MirrorOpening> openings) {
        for (Path directory : config.directories()) {
            try {
                openings.add(
                        MirrorOpening.open(directory, config.siteId(), config.mayCreate(), media));
            } catch (IOException e) {
                failures.add(e.toString());
                events.accept(new JournalEvent.MirrorDropped(directory, 0, e.toString()));
            }
        }
        requireQuorum(openings.size());
    }

    private void requireQuorum(int usable) {
        if (usable < config.writeQuorum()) {
            throw new JournalException(
                    "too few journal directories are usable: %d of %d, needed %d: %s"
                            .formatted(
                                    usable,
                                    config.directories().size(),
                                    config.writeQuorum(),
                                    failures));
        }
    }

    private Recovered recover(List<MirrorOpening> openings) throws IOException {
        Map<Path, MirrorSurvey> surveys = new HashMap<>();
        for (MirrorOpening opening : openings) {
            MirrorLabel label = opening.label();
            if (label != null) {
                surveys.put(
                        opening.directory(), MirrorSurvey.of(opening.directory(), label, rules));
            }
        }
        MirrorSurvey leader = Election.elect(List.copyOf(surveys.values()));
        long epoch = nextEpoch(surveys, leader);
        List<Mirror> mirrors = promise(openings, epoch);
        History history =
                leader == null || leader.last() == null
                        ? History.EMPTY
                        : History.of(leader, leader.last(), surveys.values());
        List<Mirror> agreed = new ArrayList<>();
        Reconciler reconciler = new Reconciler(history, surveys, media, events, rules);
        for (Mirror mirror : mirrors) {
            attempt(mirror, agreed, () -> reconciler.reconcile(mirror));
        }
        requireQuorum(agreed.size());
        accept(agreed, epoch, history.end());
        TailScan last = leader == null ? null : leader.last();
        return new Recovered(
                agreed,
                new RecoveredEnd(
                        history.end(),
                        last == null ? 0 : last.lastTimeMicros(),
                        epoch,
                        history.nextCycle()),
                placesIn(surveys));
    }

    private static Map<Path, List<CycleCursor.Place>> placesIn(Map<Path, MirrorSurvey> surveys) {
        Map<Path, List<CycleCursor.Place>> places = new HashMap<>();
        for (MirrorSurvey survey : surveys.values()) {
            TailScan last = survey.last();
            if (last != null) {
                places.put(last.file(), last.places());
            }
        }
        return places;
    }

    private static long nextEpoch(Map<Path, MirrorSurvey> surveys, @Nullable MirrorSurvey leader) {
        long highest = leader == null || leader.last() == null ? 0 : leader.last().lastEpoch();
        for (MirrorSurvey survey : surveys.values()) {
            highest = Math.max(highest, survey.label().promisedEpoch());
        }
        return highest + 1;
    }

    private List<Mirror> promise(List<MirrorOpening> openings, long epoch) {
        List<Mirror> mirrors = new ArrayList<>();
        for (MirrorOpening opening : openings) {
            MirrorLabel old = opening.label();
            MirrorLabel label =
                    old == null ? MirrorLabel.fresh(config.siteId(), UUID.randomUUID()) : old;
            Mirror mirror =
                    new Mirror(opening.directory(), media, config.limits(), opening.lock(), label);
            attempt(
                    mirror,
                    mirrors,
                    () -> {
                        mirror.writeLabel(label.promise(epoch));
                        media.syncDirectory(mirror.directory());
                        if (old == null) {
                            removeMarker(mirror.directory());
                            events.accept(new JournalEvent.MirrorCreated(mirror.directory()));
                        }
                    });
        }
        requireQuorum(mirrors.size());
        return mirrors;
    }

    private void removeMarker(Path directory) throws IOException {
        Path marker = directory.resolve(Mirror.NEW_MIRROR);
        if (Files.exists(marker)) {
            media.delete(marker);
        }
    }

    private void accept(List<Mirror> agreed, long epoch, Mark end) {
        List<UUID> members = agreed.stream().map(mirror -> mirror.label().mirrorId()).toList();
        List<Mirror> accepted = new ArrayList<>();
        for (Mirror mirror : List.copyOf(agreed)) {
            attempt(
                    mirror,
                    accepted,
                    () -> mirror.writeLabel(mirror.label().accept(epoch, members, end)));
            mirror.syncedPosition(end.position());
        }
        agreed.retainAll(accepted);
        requireQuorum(agreed.size());
    }

    private interface Step {
        void run() throws IOException;
    }

    /** A mirror that fails a step takes no further part; the others may be enough. */
    private void attempt(Mirror mirror, List<Mirror> succeeded, Step step) {
        try {
            step.run();
            succeeded.add(mirror);
        } catch (IOException e) {
            failures.add(e.toString());
            events.accept(new JournalEvent.MirrorDropped(mirror.directory(), 0, e.toString()));
        }
    }

    private static void releaseAll(List<MirrorOpening> openings, Exception cause) {
        for (MirrorOpening opening : openings) {
            try {
                opening.lock().close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
