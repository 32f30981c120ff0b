package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.record.JournalRecord;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** What a recovery makes of a set of directories, and what is then read from them. */
record Recovered(List<JournalRecord> records, List<JournalEvent> events) {
    static final UUID SITE = new UUID(1, 2);

    /** Small files that roll often, so that a short workload meets everything. */
    static final JournalLimits SMALL =
            new JournalLimits(
                    8 << 10, 64 << 10, 8 << 10, 16, 16 << 10, 256, 64, 1 << 20, 600_000, 60_000);

    static final FrameRules RULES = FrameRules.of(SITE, SMALL);

    /** The same, but for how long a mirror may take. */
    static JournalLimits withMirrorTimeout(long timeoutMs) {
        return new JournalLimits(
                SMALL.cycleBytes(),
                SMALL.blockBytes(),
                SMALL.zeroStepBytes(),
                SMALL.maxBatchRecords(),
                SMALL.maxBatchBytes(),
                SMALL.maxPendingRecords(),
                SMALL.tailRecords(),
                SMALL.tailBytes(),
                timeoutMs,
                SMALL.markIntervalMs());
    }

    static JournalConfig config(List<Path> directories, List<JournalEvent> events) {
        return JournalConfig.of(directories, SITE).withLimits(SMALL).withEvents(events::add);
    }

    /**
     * Recovers and reads everything through the files, without starting a writer.
     *
     * @throws JournalException as the journal would
     */
    static Recovered from(List<Path> directories, JournalMedia media) {
        List<JournalEvent> events = new ArrayList<>();
        Recovery.Recovered recovered = new Recovery(config(directories, events), media).run();
        List<JournalRecord> records = new ArrayList<>();
        CycleSource source =
                new MirrorFiles(
                        recovered.mirrors(),
                        RULES,
                        events::add,
                        new CycleRepairs(List.of(), media, events::add, RULES),
                        recovered.places());
        try (FileReader reader = new FileReader(source)) {
            for (long p = 1; p <= recovered.end().mark().position(); p++) {
                records.add(reader.at(p).record());
            }
        } finally {
            for (Mirror mirror : recovered.mirrors()) {
                unlock(mirror);
            }
        }
        return new Recovered(records, events);
    }

    private static void unlock(Mirror mirror) {
        try {
            mirror.unlock();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void deleteTree(Path root) {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
