package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.JournalRecord;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Power cuts at every step of a workload, for one mirror and for three. The disk keeps what was
 * synced and any part of the rest (see {@link CrashDisk}); of three mirrors one may moreover be
 * lost or be back at an older state. The journal must come back with every acknowledged record, in
 * order, and with nothing that was not asked for.
 *
 * <p>Claim that is tested: chapter "Failure model" of the design, rows "process killed" and "power
 * lost".
 */
class CrashTest {
    /** Only one in so many of what the slow test would do. */
    private static final int SPARSER = 100 / Integer.getInteger("varve.slow.percent", 100);

    @TempDir Path directory;

    @Test
    void keepsWhatWasAcknowledgedWhenThePowerIsCutWithOneMirror() throws IOException {
        assertTrue(run(1, 11, 3) > 50);
    }

    @Test
    void keepsWhatWasAcknowledgedWhenThePowerIsCutWithThreeMirrors() throws IOException {
        assertTrue(run(3, 12, 17) > 20);
    }

    /**
     * At every step of one workload and some of two more, with {@code -Dvarve.cuts=all} at all; at
     * so many percent of these as {@code -Dvarve.slow.percent} says.
     */
    @Test
    @Tag("slow")
    void keepsWhatWasAcknowledgedAtEveryStepOfManyWorkloads() throws IOException {
        int everyOfMore = "all".equals(System.getProperty("varve.cuts")) ? 1 : 5;
        for (long seed = 100; seed < 103; seed++) {
            int every = (seed == 100 ? 1 : everyOfMore) * SPARSER;
            run(1, seed, every);
            run(3, seed, every);
        }
    }

    /** Runs a workload over three openings and cuts the power at every so many steps. */
    private int run(int mirrorCount, long seed, int every) throws IOException {
        Path root = Files.createDirectory(directory.resolve(mirrorCount + "-" + seed));
        Cuts cuts = new Cuts(root, mirrorCount, seed, every);
        for (int opening = 0; opening < 3; opening++) {
            try (ChronicleJournal journal =
                    ChronicleJournal.open(
                            Recovered.config(
                                    cuts.mirrors, Collections.synchronizedList(new ArrayList<>())),
                            cuts.disk)) {
                cuts.workload.append(journal, 12);
            }
        }
        cuts.disk.observe(what -> {});
        assertEquals(List.of(), cuts.failures, "seed=" + seed);
        return cuts.checked;
    }

    /** Cuts the power between steps and checks what comes back. */
    private final class Cuts {
        private final List<Path> mirrors = new ArrayList<>();
        private final CrashDisk disk;
        private final CrashWorkload workload;
        private final SplittableRandom random;
        private final long seed;
        private final int every;
        private final List<String> failures = new ArrayList<>();
        private final List<List<CrashDisk.Image>> earlier = new ArrayList<>();
        private int steps;
        private int checked;

        Cuts(Path root, int mirrorCount, long seed, int every) {
            this.seed = seed;
            this.every = every;
            this.random = new SplittableRandom(seed);
            this.workload = new CrashWorkload(seed);
            for (int i = 0; i < mirrorCount; i++) {
                mirrors.add(root.resolve("mirror-" + i));
                earlier.add(new ArrayList<>());
            }
            this.disk = new CrashDisk(root);
            disk.observe(this::step);
        }

        private void step(String what) {
            if (steps++ % every == 0 && failures.size() < 3) {
                try {
                    cut(what);
                } catch (RuntimeException | AssertionError e) {
                    failures.add("seed=%d, step=%d, %s: %s".formatted(seed, steps, what, e));
                }
            }
        }

        private void cut(String what) {
            int acknowledged = workload.acknowledged();
            Path image = directory.resolve("image");
            List<Path> copies = new ArrayList<>();
            int failing = mirrors.size() < 3 ? -1 : random.nextInt(mirrors.size());
            if (failing >= 0 && !othersHave(acknowledged, failing)) {
                failing = -1;
            }
            boolean lost = random.nextInt(4) == 0;
            for (int i = 0; i < mirrors.size(); i++) {
                CrashDisk.Image now = disk.crash(mirrors.get(i), random);
                List<CrashDisk.Image> past = earlier.get(i);
                past.add(now);
                Path copy = image.resolve("mirror-" + i);
                copies.add(copy);
                if (i != failing) {
                    now.writeTo(copy);
                } else if (!lost) {
                    past.get(random.nextInt(past.size())).writeTo(copy);
                }
            }
            String where = "seed=%d, step=%d, after: %s".formatted(seed, steps, what);
            workload.check(Recovered.from(copies, new FastMedia()).records(), acknowledged, where);
            List<JournalRecord> again = Recovered.from(copies, new FastMedia()).records();
            workload.check(again, acknowledged, where + ", recovered twice");
            checked++;
            if (checked % 50 == 0) {
                appendAfterwards(copies, again.size());
            }
            Recovered.deleteTree(image);
        }

        /** Whether a majority has what was acknowledged without the one that fails on top of it. */
        private boolean othersHave(int acknowledged, int failing) {
            for (int i = 0; i < mirrors.size(); i++) {
                if (i != failing && disk.syncedPosition(mirrors.get(i)) < acknowledged) {
                    return false;
                }
            }
            return true;
        }

        private void appendAfterwards(List<Path> copies, int count) {
            try (ChronicleJournal journal =
                    ChronicleJournal.open(
                            Recovered.config(
                                    copies, Collections.synchronizedList(new ArrayList<>())),
                            new FastMedia())) {
                new CrashWorkload(seed).append(journal, 3);
                assertTrue(journal.endPosition() > count);
            }
        }
    }
}
