package io.varve.journal.chronicle;

import io.varve.journal.JournalException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Which mirror's history is the one to go on with.
 *
 * <p>All mirrors that accepted one writer epoch hold prefixes of one history: that writer's. An
 * acknowledged record is on a majority of the members of its epoch, so it is on one of any {@code
 * members - majority + 1} of them. The elected history is therefore the longest among the mirrors
 * that accepted the highest epoch, provided that so many of that epoch's members are there and can
 * be read to their end. A mirror with an older epoch may be longer and still be wrong: what it has
 * more was never acknowledged, or it would have been found by the recovery of the newer epoch.
 */
final class Election {
    private Election() {}

    /**
     * The mirror whose history wins, or null when there is none yet.
     *
     * @throws JournalException when records that were acknowledged may be missing from all that can
     *     be read
     */
    static @Nullable MirrorSurvey elect(List<MirrorSurvey> surveys) {
        long epoch = 0;
        for (MirrorSurvey survey : surveys) {
            epoch = Math.max(epoch, survey.label().acceptedEpoch());
        }
        if (epoch == 0) {
            requireNoRecords(surveys);
            return null;
        }
        List<MirrorSurvey> agreed = new ArrayList<>();
        for (MirrorSurvey survey : surveys) {
            if (survey.label().acceptedEpoch() == epoch) {
                agreed.add(survey);
            }
        }
        requireEnough(surveys, agreed.getFirst().label().members());
        MirrorSurvey leader =
                agreed.stream()
                        .filter(survey -> !survey.isDamaged())
                        .max(Comparator.comparingLong(survey -> survey.end().position()))
                        .orElseThrow(() -> damaged(agreed.getFirst()));
        for (MirrorSurvey survey : agreed) {
            if (survey.evidence() > leader.end().position()) {
                throw damaged(survey);
            }
        }
        return leader;
    }

    private static void requireEnough(List<MirrorSurvey> surveys, List<UUID> members) {
        int majority = members.size() / 2 + 1;
        int needed = members.size() - majority + 1;
        List<MirrorSurvey> whole = new ArrayList<>();
        MirrorSurvey broken = null;
        for (MirrorSurvey survey : surveys) {
            if (!members.contains(survey.label().mirrorId())) {
                continue;
            }
            if (survey.isDamaged()) {
                broken = survey;
            } else {
                whole.add(survey);
            }
        }
        if (whole.size() >= needed) {
            return;
        }
        if (broken != null) {
            throw damaged(broken);
        }
        throw new JournalException(
                "too few of the mirrors that hold the journal can be read: %d of %d, needed %d: %s"
                        .formatted(
                                whole.size(),
                                members.size(),
                                needed,
                                whole.stream().map(MirrorSurvey::directory).toList()));
    }

    private static void requireNoRecords(List<MirrorSurvey> surveys) {
        for (MirrorSurvey survey : surveys) {
            if (survey.last() != null) {
                throw new JournalException(
                        "journal has records that no writer epoch accounts for: directory="
                                + survey.directory());
            }
        }
    }

    private static JournalException damaged(MirrorSurvey survey) {
        return new JournalException(
                "journal is damaged and no mirror has what is missing (durable up to %d): %s"
                        .formatted(survey.evidence(), survey.damage()));
    }
}
