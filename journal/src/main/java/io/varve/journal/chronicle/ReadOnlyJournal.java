package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.record.JournalRecord;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
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
    private final List<MirrorSurvey> mirrors;
    private final List<NavigableMap<Long, Path>> cycles = new ArrayList<>();
    private final Map<Path, String> absent;
    private final FrameRules rules;
    private final Consumer<JournalEvent> events;
    private final long endPosition;

    private ReadOnlyJournal(
            List<MirrorSurvey> mirrors,
            Map<Path, String> absent,
            JournalLimits limits,
            Consumer<JournalEvent> events) {
        this.mirrors = List.copyOf(mirrors);
        this.absent = Map.copyOf(absent);
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
        List<MirrorSurvey> found = new ArrayList<>();
        Map<Path, String> absent = new LinkedHashMap<>();
        for (Path directory : directories) {
            try {
                MirrorLabel label =
                        Files.isDirectory(directory) ? MirrorOpening.readLabel(directory) : null;
                if (label == null) {
                    absent.put(directory, "there is no journal here");
                } else {
                    found.add(
                            MirrorSurvey.of(
                                    directory, label, FrameRules.of(label.siteId(), limits)));
                }
            } catch (IOException e) {
                absent.put(directory, e.toString());
            }
        }
        if (found.isEmpty()) {
            throw new JournalException(
                    "no journal can be read: directories=%s: %s"
                            .formatted(directories, absent.values()));
        }
        List<MirrorSurvey> latest = latest(found);
        for (MirrorSurvey mirror : found) {
            if (!latest.contains(mirror)) {
                absent.put(
                        mirror.directory(),
                        "mirror is behind: it took no part in writer epoch %d"
                                .formatted(latest.getFirst().label().acceptedEpoch()));
            }
        }
        return new ReadOnlyJournal(latest, absent, limits, events);
    }

    /** Those that accepted the highest writer epoch, the longest first. */
    private static List<MirrorSurvey> latest(List<MirrorSurvey> found) {
        long epoch =
                found.stream().mapToLong(mirror -> mirror.label().acceptedEpoch()).max().orElse(0);
        return found.stream()
                .filter(mirror -> mirror.label().acceptedEpoch() == epoch)
                .sorted(
                        Comparator.comparingLong((MirrorSurvey mirror) -> mirror.end().position())
                                .reversed())
                .toList();
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

    /** The time of the last record, microseconds since the epoch; 0 while there is none. */
    public long lastTimeMicros() {
        TailScan last = mirrors.getFirst().last();
        return last == null ? 0 : last.lastTimeMicros();
    }

    /** The writer epoch that has the journal, or had it last. */
    public long writerEpoch() {
        return mirrors.getFirst().label().acceptedEpoch();
    }

    /** Directories that do not count, each with the reason. */
    public Map<Path, String> absent() {
        return absent;
    }

    /** Reads up to the end; never waits. */
    public RecordReader read(long fromPosition) {
        return new SnapshotReader(fromPosition);
    }

    /**
     * Reads every frame of a range in every directory, up to where all that count have got. A
     * directory that does not count is a problem.
     */
    public VerifyReport verify(long fromPosition, long toPosition) {
        long last = Math.min(toPosition, endPosition);
        for (MirrorSurvey mirror : mirrors) {
            if (!mirror.isDamaged()) {
                last = Math.min(last, Math.max(mirror.end().position(), mirror.evidence()));
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
        absent.forEach(
                (directory, reason) ->
                        reports.add(
                                new VerifyReport.MirrorReport(
                                        directory,
                                        0,
                                        "",
                                        List.of(
                                                new VerifyReport.Problem(
                                                        directory, 1, 0, reason)))));
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
        return new VerifyReport.MirrorReport(
                report.directory(), report.recordCount(), report.chain(), problems);
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
