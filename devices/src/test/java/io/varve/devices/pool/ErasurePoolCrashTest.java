package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BackfillPace;
import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.BlobPool;
import io.varve.devices.BlobVerification;
import io.varve.devices.CompactionPace;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceSetConfig;
import io.varve.devices.ErasureConfig;
import io.varve.devices.Redundancy.Erasure;
import io.varve.devices.ScrubPace;
import io.varve.devices.SpaceLimits;
import io.varve.devices.WriteLimits;
import io.varve.devices.file.CrashFileSystem;
import io.varve.devices.file.PowerStrip;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;

/** Cuts the power of all devices at once, at every write and sync of a workload. */
final class ErasurePoolCrashTest {
    private static final int K = 2;
    private static final int M = 1;
    private static final int BLOBS = 6;
    private static final int COPIED_BYTES = 512;
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final ErasureConfig CONFIG =
            new ErasureConfig(
                    0,
                    new Erasure(K, M, K + 1),
                    COPIED_BYTES,
                    1L << 40,
                    BackfillPace.PAUSED,
                    ScrubPace.NEVER);
    private static final TestPlacement PLACEMENT =
            TestPlacement.of(3, group -> new int[] {group, (group + 1) % 3, (group + 2) % 3});

    /** What was acknowledged. */
    private enum Fate {
        WRITTEN,
        DELETED,
        IN_DOUBT
    }

    @Test
    void survivesAPowerCutAtManyWritesAndSyncs() {
        cutAtSteps(1, 7);
    }

    @Test
    @Tag("slow")
    void survivesAPowerCutAtEveryWriteAndSync() {
        for (long seed = 2; seed < 6; seed++) {
            cutAtSteps(seed, 1);
        }
    }

    private static void cutAtSteps(long seed, int stride) {
        PowerStrip whole = new PowerStrip(Long.MAX_VALUE);
        Map<BlobId, Fate> fates = run(disks(), whole, seed);
        assertTrue(fates.values().stream().noneMatch(fate -> fate == Fate.IN_DOUBT));
        assertTrue(whole.steps() > 50, "the workload is too small: " + whole.steps());
        for (long step = 1; step <= whole.steps(); step += stride) {
            try {
                cutAt(seed, step);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed=%d, step=%d".formatted(seed, step), e);
            }
        }
    }

    private static List<CrashFileSystem> disks() {
        List<CrashFileSystem> disks = new ArrayList<>();
        for (int i = 0; i < K + M; i++) {
            disks.add(new CrashFileSystem());
        }
        return disks;
    }

    private static void cutAt(long seed, long step) {
        List<CrashFileSystem> disks = disks();
        Map<BlobId, Fate> fates = run(disks, new PowerStrip(step), seed);
        Random random = new Random(seed * 1_000_003 + step);
        List<CrashFileSystem> survived = new ArrayList<>();
        disks.forEach(disk -> survived.add(disk.afterPowerCut(random, Long.MAX_VALUE)));
        try (DeviceSet devices = open(survived, new PowerStrip(Long.MAX_VALUE));
                BlobPool pool = ErasurePool.open(CONFIG, devices, PLACEMENT)) {
            fates.forEach((id, fate) -> check(pool, id, fate));
            // Any one device is worth as little as any other after that.
            devices.remove(random.nextInt(K + M));
            fates.forEach(
                    (id, fate) -> {
                        if (fate == Fate.WRITTEN) {
                            assertEquals(length(id), pool.lengthBytes(id));
                            assertReads(pool, id);
                        }
                    });
        }
    }

    private static void check(BlobPool pool, BlobId id, Fate fate) {
        switch (fate) {
            case WRITTEN -> {
                assertReads(pool, id);
                BlobVerification after = pool.repair(id);
                assertEquals(after.copies().size(), after.count(CopyState.GOOD));
            }
            case DELETED -> assertThrows(BlobMissingException.class, () -> pool.lengthBytes(id));
            case IN_DOUBT -> {
                try {
                    assertReads(pool, id);
                } catch (DeviceException e) {
                    // Never acknowledged: it may be gone, in part or whole, but not be wrong.
                    pool.delete(id).join();
                    assertThrows(BlobMissingException.class, () -> pool.lengthBytes(id));
                }
            }
        }
    }

    private static void assertReads(BlobPool pool, BlobId id) {
        ByteBuffer target = ByteBuffer.allocate(length(id));
        assertEquals(target.capacity(), pool.read(id, 0, target));
        assertArrayEquals(TestBlobs.content(id, length(id)), target.array());
    }

    private static int length(BlobId id) {
        return new Random(id.low()).nextInt(3) == 0
                ? new Random(id.low() + 1).nextInt(COPIED_BYTES)
                : new Random(id.low() + 1).nextInt(20_000);
    }

    private static DeviceSet open(List<CrashFileSystem> disks, PowerStrip power) {
        List<DeviceConfig> configs = new ArrayList<>();
        for (int id = 0; id < disks.size(); id++) {
            configs.add(
                    DeviceConfig.of(id, Path.of("disk-" + id))
                            .withWrites(new WriteLimits(32 << 10, 1 << 20, Duration.ofMinutes(2)))
                            .withSpace(
                                    new SpaceLimits(
                                            SEGMENT_BYTES, 8L * SEGMENT_BYTES, 0, 2, 16 << 10))
                            .withCompaction(new CompactionPace(0.2, 1L << 40)));
        }
        return DeviceSet.open(
                new DeviceSetConfig(PoolFixture.SITE, configs, true),
                DeviceListener.NONE,
                (device, create) -> power.plug(disks.get(device.deviceId())));
    }

    /** Writes blobs and deletes some, one after the other, until the end or the cut. */
    private static Map<BlobId, Fate> run(List<CrashFileSystem> disks, PowerStrip power, long seed) {
        Map<BlobId, Fate> fates = new HashMap<>();
        try (DeviceSet devices = open(disks, power);
                BlobPool pool = ErasurePool.open(CONFIG, devices, PLACEMENT)) {
            for (long i = 0; i < BLOBS; i++) {
                BlobId id = TestBlobs.id((seed * 1000 + i) << 5);
                fates.put(id, Fate.IN_DOUBT);
                int length = length(id);
                pool.write(id, TestBlobs.payload(id, length), TestBlobs.tag(id)).join();
                fates.put(id, Fate.WRITTEN);
                if (i % 3 == 2) {
                    fates.put(id, Fate.IN_DOUBT);
                    boolean everywhere = pool.delete(id).join().failedOn().isEmpty();
                    fates.put(id, everywhere ? Fate.DELETED : Fate.IN_DOUBT);
                }
            }
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof DeviceException)) {
                throw e;
            }
        }
        return fates;
    }
}
