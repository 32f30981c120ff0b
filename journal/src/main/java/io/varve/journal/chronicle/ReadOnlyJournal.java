package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.StoredReader;
import io.varve.journal.record.JournalRecord;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A journal's files as they are now, for looking at them. Takes no lock and changes nothing, so it
 * can be used while another process has the journal open. It ends where it ended when it was
 * opened; that may include records whose sync is under way, or that a crash left unacknowledged.
 *
 * <p>Of several directories those count that agreed last. Safe for use by many threads.
 */
public final class ReadOnlyJournal {
    private final SettledSurvey survey;
    private final List<MirrorSurvey> mirrors;
    private final List<NavigableMap<Long, Path>> cycles = new ArrayList<>();
    private final FrameRules rules;
    private final Consumer<JournalEvent> events;
    private final long endPosition;

    private ReadOnlyJournal(
            SettledSurvey survey, JournalLimits limits, Consumer<JournalEvent> events) {
        this.survey = survey;
        this.mirrors = survey.mirrors();
        this.rules = FrameRules.of(mirrors.getFirst().label().siteId(), limits);
        this.events = events;
        this.endPosition =
                mirrors.stream().mapToLong(mirror -> mirror.end().position()).max().orElse(0);
        for (MirrorSurvey mirror : mirrors) {
            NavigableMap<Long, Path> files = new TreeMap<>();
            mirror.cycles()
                    .values()
                    .forEach(cycle -> files.put(cycle.start().firstPosition(), cycle.file()));
            cycles.add(files);
        }
    }

    /**
     * Looks at the directories of one journal.
     *
     * @param events told of damage that is met
     * @throws JournalException when none of them holds a journal that can be read
     */
    public static ReadOnlyJournal open(
            List<Path> directories, JournalLimits limits, Consumer<JournalEvent> events) {
        SettledSurvey survey = SettledSurvey.of(directories, limits);
        if (survey.mirrors().isEmpty()) {
            throw new JournalException(
                    "no journal can be read: directories=%s: %s"
                            .formatted(directories, survey.absent().values()));
        }
        return new ReadOnlyJournal(survey, limits, events);
    }

    /** The last position that can be read. */
    public long endPosition() {
        return endPosition;
    }

    public UUID siteId() {
        return mirrors.getFirst().label().siteId();
    }

    /** The chain hash at the end, in hexadecimal. */
    public String chain() {
        return VerifyReport.hex(mirrors.getFirst().end().chain());
    }

    /**
     * The time of the last record, microseconds since 1970; 0 while there is none.
     *
     * @throws JournalException when it cannot be read
     */
    public long lastTimeMicros() {
        if (endPosition == 0) {
            return 0;
        }
        try (RecordReader last = read(endPosition)) {
            return last.next(1).getFirst().timeMicros();
        }
    }

    /** The writer epoch that has the journal, or had it last. */
    public long writerEpoch() {
        return mirrors.getFirst().label().acceptedEpoch();
    }

    /**
     * Where one directory ends.
     *
     * @param problem why it does not count, or what is wrong with it; null when all is well
     */
    public record MirrorEnd(Path directory, long endPosition, @Nullable String problem) {}

    /** All directories: first those that count, the longest first, then the others. */
    public List<MirrorEnd> mirrorEnds() {
        List<MirrorEnd> ends = new ArrayList<>();
        for (MirrorSurvey mirror : mirrors) {
            String problem = null;
            if (mirror.isDamaged()) {
                problem = "damaged: " + mirror.damage();
            } else if (!mirror.damaged().isEmpty()) {
                problem = "cycles are missing or damaged: " + mirror.damaged();
            } else if (survey.isBehind(mirror)) {
                problem = "behind: it is no longer written to";
            }
            ends.add(new MirrorEnd(mirror.directory(), mirror.end().position(), problem));
        }
        survey.absent()
                .forEach((directory, reason) -> ends.add(new MirrorEnd(directory, 0, reason)));
        return List.copyOf(ends);
    }

    /**
     * The last position up to which more than half of the directories are intact; empty when too
     * few count. Unless some are damaged, what was acknowledged is not beyond it.
     */
    public OptionalLong agreedPosition() {
        int quorum = (mirrors.size() + survey.absent().size()) / 2 + 1;
        return mirrors.size() < quorum
                ? OptionalLong.empty()
                : OptionalLong.of(mirrors.get(quorum - 1).end().position());
    }

    /** Reads up to the end; never waits. */
    public RecordReader read(long fromPosition) {
        return new SnapshotReader(fromPosition);
    }

    /** Reads records as they are stored, up to the end. */
    public StoredReader stored(long fromPosition) {
        return new FileStoredReader(new SnapshotFiles(), () -> endPosition, fromPosition);
    }

    /**
     * Reads every frame of a range in every directory, up to where all have got that count and are
     * written to. A directory that does not count, or is behind, is a problem.
     */
    public VerifyReport verify(long fromPosition, long toPosition) {
        long last = Math.min(toPosition, endPosition);
        for (MirrorSurvey mirror : mirrors) {
            if (!mirror.isDamaged() && !survey.isBehind(mirror)) {
                last = Math.min(last, mirror.end().position());
            }
        }
        JournalVerifier verifier = new JournalVerifier(rules);
        List<VerifyReport.MirrorReport> reports = new ArrayList<>();
        for (int i = 0; i < mirrors.size(); i++) {
            MirrorSurvey mirror = mirrors.get(i);
            VerifyReport.MirrorReport report =
                    verifier.verify(mirror.directory(), cycles.get(i), fromPosition, last);
            reports.add(withDamage(mirror, report));
        }
        survey.absent()
                .forEach(
                        (directory, reason) ->
                                reports.add(VerifyReport.MirrorReport.absent(directory, reason)));
        return new VerifyReport(fromPosition, last, reports);
    }

    /** What the survey met that a walk through the intact cycles does not. */
    private static VerifyReport.MirrorReport withDamage(
            MirrorSurvey mirror, VerifyReport.MirrorReport report) {
        List<VerifyReport.Problem> problems = new ArrayList<>(report.problems());
        for (long cycle : mirror.damaged()) {
            Path file = CycleDirectory.of(mirror.directory(), cycle).file();
            problems.add(
                    new VerifyReport.Problem(file, 0, 0, "cycle %d is missing".formatted(cycle)));
        }
        if (mirror.isDamaged() && problems.isEmpty()) {
            TailScan last = mirror.last();
            problems.add(
                    new VerifyReport.Problem(
                            last == null ? mirror.directory() : last.file(),
                            mirror.end().position() + 1,
                            last == null ? 0 : last.goodBytes(),
                            "durable up to %d: %s".formatted(mirror.evidence(), mirror.damage())));
        }
        return report.withProblems(problems);
    }

    private final class SnapshotFiles implements CycleSource {

        @Override
        public List<Path> filesOf(long position) {
            List<Path> files = new ArrayList<>();
            for (int i = 0; i < mirrors.size(); i++) {
                Map.Entry<Long, Path> cycle = cycles.get(i).floorEntry(position);
                if (cycle != null && mirrors.get(i).end().position() >= position) {
                    files.add(cycle.getValue());
                }
            }
            return files;
        }

        @Override
        public FrameRules rules() {
            return rules;
        }

        @Override
        public void damaged(Path file, long position, String reason) {
            events.accept(new JournalEvent.DamageFound(file, position, reason));
        }
    }

    private final class SnapshotReader implements RecordReader {
        private final FileReader files = new FileReader(new SnapshotFiles());
        private long position;

        SnapshotReader(long fromPosition) {
            if (fromPosition < 1) {
                throw new IllegalArgumentException("positions start at 1: " + fromPosition);
            }
            this.position = fromPosition;
        }

        @Override
        public List<JournalRecord> next(int maxRecords) {
            List<JournalRecord> records = new ArrayList<>();
            while (position <= endPosition && records.size() < maxRecords) {
                records.add(files.at(position).record());
                position++;
            }
            return records;
        }

        @Override
        public List<JournalRecord> awaitNext(int maxRecords) {
            return next(maxRecords);
        }

        @Override
        public void close() {
            files.close();
        }
    }
}
