package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BackfillPace;
import io.varve.devices.BlobId;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceStats;
import io.varve.devices.ErasureConfig;
import io.varve.devices.FillLimits;
import io.varve.devices.Fullness;
import io.varve.devices.PoolCapacity;
import io.varve.devices.PoolFullException;
import io.varve.devices.Redundancy;
import io.varve.devices.ScrubPace;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What a pool can hold, and that it is refused before a device has no room left. */
final class PoolCapacityTest {
    private static final int BLOB_BYTES = 100_000;

    /** Device 0 is in two of three groups. */
    private static final TestPlacement UNEVEN =
            TestPlacement.of(
                    3,
                    group -> group < 2 ? new int[] {0, 3 + group, 6 + group} : new int[] {1, 5, 8});

    @TempDir Path directory;

    private static DeviceStats stats(DeviceSet devices, int id) {
        return devices.stats().get(id);
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what);
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Test
    void theDeviceThatIsFullFirstTellsWhatAPoolCanHold() {
        PoolFixture fixture = new PoolFixture(directory).limits(new FillLimits(0.5, 0.8));
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, UNEVEN)) {
            for (long i = 0; i < 30; i++) {
                PoolFixture.write(pool, TestBlobs.id(i), BLOB_BYTES);
            }
            PoolCapacity capacity = pool.capacity();
            DeviceStats first = stats(devices, 0);
            double all = 0.8 * first.capacityBytes();
            assertEquals(all / (2 / 3.0), capacity.usableBytes(), 2);
            assertEquals((all - first.usedBytes()) / (2 / 3.0), capacity.availableBytes(), 2);
            assertEquals(30 * BLOB_BYTES, capacity.usedBytes());
            assertEquals(Fullness.ROOMY, capacity.fullness());
        }
    }

    @Test
    void aPoolOfShardsHoldsWhatItsDataShardsDo() {
        PoolFixture fixture = new PoolFixture(directory).limits(new FillLimits(0.5, 0.8));
        ErasureConfig config =
                ErasureConfig.of(0, (Redundancy.Erasure) Redundancy.parse("2+1"))
                        .withMaxCopiedBytes(0)
                        .withBackfill(BackfillPace.PAUSED)
                        .withScrub(ScrubPace.NEVER);
        try (DeviceSet devices = fixture.openDevices();
                ErasurePool pool = ErasurePool.open(config, devices, UNEVEN)) {
            for (long i = 0; i < 30; i++) {
                PoolFixture.write(pool, new BlobId(TestBlobs.id(i).high(), i << 5), BLOB_BYTES);
            }
            PoolCapacity capacity = pool.capacity();
            DeviceStats first = stats(devices, 0);
            assertEquals(2 * 0.8 * first.capacityBytes() / (2 / 3.0), capacity.usableBytes(), 4);
            assertEquals(30 * BLOB_BYTES, capacity.usedBytes());
        }
    }

    @Test
    void refusesNewBlobsBeforeADeviceHasNoRoomAndRepairsStill() {
        PoolFixture fixture =
                new PoolFixture(directory).capacitySegments(16).limits(new FillLimits(0.4, 0.6));
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, UNEVEN)) {
            List<BlobId> written = fill(pool, 0);
            assertTrue(written.size() > 20, () -> "only " + written.size());
            DeviceStats full = stats(devices, 0);
            assertTrue(full.writableBytes() > 2 << 20, full::toString);
            assertEquals(Set.of(), pool.deficits(), "nothing was written in part");
            assertEquals(List.of(), fixture.events(DeviceEvent.CopySkipped.class));
            // What is refused between two looks is an estimate: by a blob or so it may be early.
            await(
                    "both groups are full",
                    () -> {
                        written.addAll(fill(pool, written.size()));
                        return stats(devices, 0).fullness() == Fullness.FULL;
                    });
            assertEquals(2, pool.capacity().fullGroups());
            assertEquals(Fullness.NEAR_FULL, pool.capacity().fullness(), "one group has room");
            BlobId other = new BlobId(TestBlobs.id(0).high(), 1_000_001);
            assertEquals(2, TestPlacement.groupOf(other.low(), 3));
            PoolFixture.write(pool, other, BLOB_BYTES);

            BlobId lacking = written.getFirst();
            devices.log(0).delete(lacking).join();
            assertEquals(3, pool.repair(lacking).count(CopyState.GOOD));

            written.forEach(id -> pool.delete(id).join());
            await("there is room again", () -> isTaken(pool, written.getFirst()));
        }
    }

    /** Until the groups of device 0 take no more. */
    private static List<BlobId> fill(ReplicatedPool pool, int from) {
        List<BlobId> written = new ArrayList<>();
        for (long i = from * 3L; ; i += 3) {
            BlobId id = new BlobId(TestBlobs.id(0).high(), i + written.size() % 2);
            if (!isTaken(pool, id)) {
                return written;
            }
            written.add(id);
        }
    }

    private static boolean isTaken(ReplicatedPool pool, BlobId id) {
        try {
            PoolFixture.write(pool, id, BLOB_BYTES);
            return true;
        } catch (CompletionException e) {
            assertInstanceOf(PoolFullException.class, e.getCause());
            return false;
        }
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new FillLimits(0.9, 0.8));
        assertThrows(IllegalArgumentException.class, () -> new FillLimits(0.5, 1.1));
        assertThrows(IllegalArgumentException.class, () -> new FillLimits(0, 0.8));
    }
}
