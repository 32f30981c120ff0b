package io.varve.journal.chronicle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Surveys of mirrors that another process may be writing to. A write that is seen half done looks
 * like damage, and a mirror that is looked at before another looks as if it were behind; both are
 * gone when one looks again, and real ones are not.
 *
 * @param mirrors those that agreed last, the longest first
 * @param absent directories that do not count, each with the reason
 * @param durableEverywhere what all mirrors in use had synced before these surveys were made; one
 *     that ends before it is no longer written to
 */
record SettledSurvey(List<MirrorSurvey> mirrors, Map<Path, String> absent, long durableEverywhere) {

    /** More often than this no writer is met in the middle of something else. */
    private static final int LOOKS_MAX = 6;

    static SettledSurvey of(List<Path> directories, JournalLimits limits) {
        SettledSurvey survey = look(directories, limits, 0);
        if (survey.suspects().isEmpty() && survey.reaches(survey.statedDurable())) {
            return survey;
        }
        for (int looks = 1; looks < LOOKS_MAX; looks++) {
            SettledSurvey next = look(directories, limits, survey.statedDurable());
            if (next.suspects().isEmpty() || next.suspects().equals(survey.suspects())) {
                return next;
            }
            survey = next;
        }
        return survey;
    }

    private static SettledSurvey look(
            List<Path> directories, JournalLimits limits, long durableEverywhere) {
        List<MirrorSurvey> found = new ArrayList<>();
        Map<Path, String> absent = new LinkedHashMap<>();
        for (Path directory : directories) {
            try {
                MirrorLabel label =
                        Files.isDirectory(directory) ? MirrorOpening.readLabel(directory) : null;
                if (label == null) {
                    absent.put(directory, "there is no journal here");
                } else if (!found.isEmpty()
                        && !found.getFirst().label().siteId().equals(label.siteId())) {
                    absent.put(directory, "the journal is of another site: " + label.siteId());
                } else {
                    found.add(
                            MirrorSurvey.of(
                                    directory, label, FrameRules.of(label.siteId(), limits)));
                }
            } catch (IOException e) {
                absent.put(directory, e.toString());
            }
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
        return new SettledSurvey(latest, absent, durableEverywhere);
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

    /** The highest position that any record says was durable on all mirrors in use. */
    private long statedDurable() {
        long stated = 0;
        for (MirrorSurvey mirror : mirrors) {
            TailScan last = mirror.last();
            stated = Math.max(stated, last == null ? 0 : last.syncedPosition());
        }
        return stated;
    }

    /** Whether a mirror is no longer written to, though it took part in the last agreement. */
    boolean isBehind(MirrorSurvey mirror) {
        return mirror.end().position() < durableEverywhere;
    }

    private boolean reaches(long position) {
        return mirrors.stream().allMatch(mirror -> mirror.end().position() >= position);
    }

    /** Directories that do not look right, and where each ends. */
    private Map<Path, Long> suspects() {
        Map<Path, Long> suspects = new HashMap<>();
        for (MirrorSurvey mirror : mirrors) {
            if (mirror.isDamaged() || isBehind(mirror)) {
                suspects.put(mirror.directory(), mirror.end().position());
            }
        }
        absent.keySet().forEach(directory -> suspects.put(directory, 0L));
        return suspects;
    }
}
