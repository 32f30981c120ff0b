package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BackfillPace;
import io.varve.devices.BlobId;
import io.varve.devices.CompactionPace;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceSetConfig;
import io.varve.devices.PoolConfig;
import io.varve.devices.PoolPlacement;
import io.varve.devices.SpaceLimits;
import io.varve.devices.WriteLimits;
import io.varve.devices.file.CrashFileSystem;
import io.varve.devices.file.CrashFileSystem.Power;
import io.varve.devices.file.LockedDeviceFiles;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Moves most copies of a pool to other devices and cuts the power of all devices at each of their
 * writes and syncs. What was there before must be there after, to the byte, and be brought home.
 */
final class BackfillCrashTest {
    private static final int DEVICES = 5;
    private static final int BLOBS = 15;
    private static final int SEGMENT_BYTES = 128 << 10;
    private static final Power ENDLESS = new Power(Long.MAX_VALUE);
    private static final TestPlacement BEFORE =
            TestPlacement.of(
                    DEVICES,
                    group -> new int[] {group, (group + 1) % DEVICES, (group + 2) % DEVICES});
    private static final TestPlacement AFTER =
            BEFORE.next(group -> moved(group), group -> moved(group));

    private static int[] moved(int group) {
        return new int[] {(group + 2) % DEVICES, (group + 3) % DEVICES, (group + 4) % DEVICES};
    }

    @Test
    void losesNoBlobWhenThePowerIsCut() {
        cutEvery(11, 1);
    }

    @Test
    @Tag("slow")
    void losesNoBlobWhenThePowerIsCutAtEveryWriteAndSync() {
        cutEvery(1, 5);
    }

    private static void cutEvery(int stride, int seeds) {
        List<CrashFileSystem> written = written();
        Power whole = new Power(Long.MAX_VALUE);
        backfill(copies(written, whole));
        long steps = whole.steps();
        assertTrue(steps > 50, "there is too little to do: " + steps);
        for (long seed = 0; seed < seeds; seed++) {
            for (long step = 1 + seed; step <= steps; step += stride) {
                try {
                    cutAt(written, step, new Random(seed * 31 + step));
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("seed=%d, step=%d".formatted(seed, step), e);
                }
            }
        }
    }

    private static List<CrashFileSystem> written() {
        List<CrashFileSystem> media = new ArrayList<>();
        for (int id = 0; id < DEVICES; id++) {
            media.add(new CrashFileSystem());
        }
        try (DeviceSet devices = open(media);
                ReplicatedPool pool = open(devices, BEFORE)) {
            for (long i = 0; i < BLOBS; i++) {
                PoolFixture.write(pool, TestBlobs.id(i), length(TestBlobs.id(i)));
            }
        }
        return media;
    }

    private static int length(BlobId id) {
        return TestBlobs.length(id, 20_000);
    }

    private static List<CrashFileSystem> copies(List<CrashFileSystem> media, Power power) {
        return media.stream().map(each -> each.copy(power)).toList();
    }

    private static void cutAt(List<CrashFileSystem> written, long step, Random random) {
        List<CrashFileSystem> media = copies(written, new Power(step));
        backfill(media);
        List<CrashFileSystem> survivors =
                media.stream().map(each -> each.afterPowerCut(random, Long.MAX_VALUE)).toList();
        try (DeviceSet devices = open(survivors);
                ReplicatedPool pool = open(devices, AFTER)) {
            assertAllThere(pool);
            assertEquals(0, pool.settle());
            assertTrue(pool.health().whole(), () -> pool.health().toString());
            assertEquals(BLOBS, pool.health().blobs());
            assertEquals(3L * BLOBS, pool.health().copies());
            assertAllThere(pool);
        }
    }

    private static void assertAllThere(ReplicatedPool pool) {
        for (long i = 0; i < BLOBS; i++) {
            PoolFixture.assertReads(pool, TestBlobs.id(i), length(TestBlobs.id(i)));
        }
    }

    private static void backfill(List<CrashFileSystem> media) {
        try (DeviceSet devices = open(media);
                ReplicatedPool pool = open(devices, AFTER)) {
            pool.settle();
        }
    }

    private static ReplicatedPool open(DeviceSet devices, PoolPlacement placement) {
        return ReplicatedPool.open(
                PoolConfig.DEFAULT
                        .withRepairBytesPerSecond(1L << 40)
                        .withBackfill(BackfillPace.PAUSED),
                devices,
                placement);
    }

    private static DeviceSet open(List<CrashFileSystem> media) {
        List<DeviceConfig> devices = new ArrayList<>();
        for (int id = 0; id < DEVICES; id++) {
            devices.add(
                    DeviceConfig.of(id, Path.of("device-" + id))
                            .withWrites(new WriteLimits(20_480, 1 << 20, Duration.ofSeconds(60)))
                            .withSpace(new SpaceLimits(SEGMENT_BYTES, 1 << 30, 0, 2, 16_384))
                            .withCompaction(new CompactionPace(0.2, 1L << 40)));
        }
        return DeviceSet.open(
                new DeviceSetConfig(PoolFixture.SITE, devices, true),
                DeviceListener.NONE,
                (device, create) -> new LockedDeviceFiles(media.get(device.deviceId()), ENDLESS));
    }
}
