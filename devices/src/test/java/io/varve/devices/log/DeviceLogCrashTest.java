package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.DeviceListener;
import io.varve.devices.file.CrashFileSystem;
import io.varve.devices.file.PowerCutException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/** Cuts the power at every step of a workload, and again while recovering from that. */
final class DeviceLogCrashTest {
    /** How much of what the slow tests would do, they do. */
    private static final int PERCENT = Integer.getInteger("varve.slow.percent", 100);

    private static final int ROUNDS = 100;
    private static final int ROUNDS_AFTER = 10;

    @Test
    void survivesAPowerCutAtEveryWriteAndSync() throws IOException {
        cutAtEveryStep(1, 1);
    }

    @Test
    @Tag("slow")
    void survivesAPowerCutAtEveryWriteAndSyncOfManyWorkloads() throws IOException {
        for (long seed = 2; seed < 2 + 10 * PERCENT / 100; seed++) {
            cutAtEveryStep(seed, 4);
        }
    }

    @Test
    void survivesManyCutsInARow() throws IOException {
        for (long seed = 1; seed <= 6; seed++) {
            manyCuts(seed, 40);
        }
    }

    @Test
    @Tag("slow")
    void survivesVeryManyCutsInARow() throws IOException {
        for (long seed = 100; seed < 100 + 60 * PERCENT / 100; seed++) {
            manyCuts(seed, 150);
        }
    }

    private static void cutAtEveryStep(long seed, int survivors) throws IOException {
        CrashFileSystem whole = new CrashFileSystem();
        new LogWorkload(seed, DeviceListener.NONE).run(whole, ROUNDS);
        long steps = whole.steps();
        assertTrue(steps > 200, "the workload is too small: " + steps);
        for (long step = 1; step <= steps; step++) {
            for (int survivor = 0; survivor < survivors; survivor++) {
                try {
                    cutAt(seed, step, survivor);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(
                            "seed=%d, step=%d, survivor=%d".formatted(seed, step, survivor), e);
                }
            }
        }
    }

    private static void cutAt(long seed, long step, int survivor) throws IOException {
        CrashFileSystem files = new CrashFileSystem(step);
        LogWorkload workload = new LogWorkload(seed, DeviceListener.NONE);
        runUntilCut(workload, files, ROUNDS);
        assertTrue(files.wasCut());
        Random random = new Random(seed * 1_000_003 + step * 101 + survivor);
        CrashFileSystem survived = files.afterPowerCut(random, Long.MAX_VALUE);
        DeviceLog log = workload.recover(survived);
        if (log == null) {
            throw new AssertionError("recovery found no power");
        }
        log.close();
        // The log that was recovered must also work on, and recover from what it did then.
        workload.run(survived, ROUNDS_AFTER);
        DeviceLog again = workload.recover(survived);
        if (again != null) {
            again.close();
        }
    }

    private static void runUntilCut(LogWorkload workload, CrashFileSystem files, int rounds) {
        try {
            workload.run(files, rounds);
        } catch (PowerCutException e) {
            // Cut while opening.
            return;
        } catch (IOException e) {
            throw new AssertionError("only the power may fail", e);
        }
    }

    /** One device through many cuts, a process that is killed now and then among them. */
    private static void manyCuts(long seed, int cuts) throws IOException {
        Random random = new Random(seed);
        LogWorkload workload = new LogWorkload(seed, DeviceListener.NONE);
        CrashFileSystem files = new CrashFileSystem(1 + random.nextInt(300));
        try {
            for (int cut = 0; cut < cuts; cut++) {
                runUntilCut(workload, files, 400);
                long next = 1L + random.nextInt(cut == cuts - 1 ? 1 : 300);
                files =
                        random.nextInt(4) == 0
                                ? files.afterKill(next)
                                : files.afterPowerCut(random, next);
            }
            CrashFileSystem last = files.afterPowerCut(random, Long.MAX_VALUE);
            DeviceLog log = workload.recover(last);
            if (log == null) {
                throw new AssertionError("recovery found no power");
            }
            workload.drain(log);
            log.close();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed=" + seed, e);
        }
    }

    /** One copy of a header, or footer rows, of any segment file: all can be told without. */
    private static void rot(CrashFileSystem files, Random random) {
        List<String> names =
                files.names().stream().filter(name -> Segment.slotOf(name) >= 0).sorted().toList();
        if (names.isEmpty() || files.wasCut()) {
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        int size = files.bytes(name).length;
        if (size < 3 * SegmentHeader.SIZE_BYTES) {
            return;
        }
        if (random.nextBoolean()) {
            int copy = random.nextInt(2) * SegmentHeader.COPY_BYTES;
            files.flipBit(name, copy + random.nextInt(40), random.nextInt(8));
        } else if (MediaRegions.sealed(files.bytes(name))) {
            files.flipBit(name, size - 1L - random.nextInt(1024), random.nextInt(8));
        }
    }

    private static LogWorkload rotting(long seed, CrashFileSystem files) {
        return new LogWorkload(seed, DeviceListener.NONE).withRot(random -> rot(files, random));
    }

    @Test
    void survivesAPowerCutAtEveryStepWhileDamagedSegmentsAreEmptied() throws IOException {
        cutWhileRotting(7, 5);
    }

    @Test
    @Tag("slow")
    void survivesAPowerCutAtEveryStepWhileDamagedSegmentsAreEmptiedOfManyWorkloads()
            throws IOException {
        for (long seed = 20; seed < 20 + Math.max(1, 6 * PERCENT / 100); seed++) {
            cutWhileRotting(seed, 1);
        }
    }

    private static void cutWhileRotting(long seed, int stride) throws IOException {
        CrashFileSystem whole = new CrashFileSystem();
        rotting(seed, whole).run(whole, ROUNDS);
        for (long step = 1 + seed % stride; step <= whole.steps(); step += stride) {
            CrashFileSystem files = new CrashFileSystem(step);
            LogWorkload workload = rotting(seed, files);
            try {
                runUntilCut(workload, files, ROUNDS);
                CrashFileSystem survived = files.afterPowerCut(new Random(step), Long.MAX_VALUE);
                DeviceLog log = workload.recover(survived);
                if (log == null) {
                    throw new AssertionError("recovery found no power");
                }
                log.repairSegments();
                workload.check(log);
                log.close();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=%d, step=%d".formatted(seed, step), e);
            }
        }
    }
}
