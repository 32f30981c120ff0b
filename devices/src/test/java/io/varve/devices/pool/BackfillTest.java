package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BackfillPace;
import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceState;
import io.varve.devices.Redundancy;
import io.varve.devices.file.FaultyDeviceFiles.Faults;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

final class BackfillTest {
    private static final Faults FAILING_SYNCS =
            new Faults() {
                @Override
                public void onSync(String name) throws IOException {
                    throw new IOException("Input/output error");
                }
            };
    private static final IntFunction<int[]> HOMES = group -> new int[] {group, group + 3};
    private static final IntFunction<int[]> WITHOUT_ZERO =
            group -> new int[] {Math.max(group, 1), group + 3};

    @TempDir Path directory;
    private PoolFixture fixture = new PoolFixture(Path.of("unset"));

    @BeforeEach
    void makeFixture() {
        fixture = new PoolFixture(directory);
    }

    private static TestPlacement threeCopies() {
        return TestPlacement.of(3, BackfillTest::threeHosts);
    }

    private static int[] threeHosts(int group) {
        return new int[] {group, 3 + group, 6 + group};
    }

    private static List<BlobId> write(ReplicatedPool pool, int from, int to) {
        List<BlobId> ids = new ArrayList<>();
        for (long i = from; i < to; i++) {
            ids.add(TestBlobs.id(i));
            PoolFixture.write(pool, TestBlobs.id(i), 1_000 + (int) i);
        }
        return ids;
    }

    private static void assertAllRead(ReplicatedPool pool, List<BlobId> ids) {
        ids.forEach(id -> PoolFixture.assertReads(pool, id, 1_000 + (int) id.low()));
    }

    private static void assertWhole(ReplicatedPool pool, long blobs) {
        assertTrue(pool.health().whole(), () -> pool.health().toString());
        assertEquals(blobs, pool.health().blobs());
        assertEquals(0, pool.backfill().groupsRemaining());
        assertEquals(0, pool.backfill().bytesRemaining());
    }

    @Test
    void getsMoreCopiesAndLosesThoseThatAreTooMany() {
        TestPlacement three = threeCopies();
        TestPlacement two = three.next(HOMES, HOMES);
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, three)) {
            List<BlobId> ids = write(pool, 0, 30);
            pool.keep(new Redundancy.Copies(2, 1), 0);
            assertEquals(0, pool.health().undersizedGroups());
            pool.place(two);
            assertEquals(0, pool.settle());
            assertWhole(pool, 30);
            assertEquals(60, pool.health().copies());
            pool.place(three.next(BackfillTest::threeHosts, BackfillTest::threeHosts));
            pool.keep(new Redundancy.Copies(3, 2), 0);
            assertEquals(30, pool.health().degradedCopies());
            assertEquals(0, pool.settle());
            assertWhole(pool, 30);
            assertEquals(90, pool.health().copies());
            assertAllRead(pool, ids);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> pool.keep(new Redundancy.Erasure(4, 2, 5), 0));
        }
    }

    @Test
    void whatIsLeftOfAPoolThatIsNoMoreGoes() {
        try (DeviceSet devices = fixture.openDevices()) {
            try (ReplicatedPool pool = fixture.open(devices, threeCopies())) {
                write(pool, 0, 300);
            }
            assertEquals(0, devices.dropPool(1));
            assertEquals(900, devices.dropPool(0));
            assertEquals(0, devices.dropPool(0));
        }
    }

    @Test
    void movesWhatTheMapSaysAndNothingElse() {
        TestPlacement before = threeCopies();
        IntFunction<int[]> shifted = group -> new int[] {(group + 1) % 3, 3 + group, 6 + group};
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, before)) {
            List<BlobId> ids = write(pool, 0, 60);
            pool.place(before.next(shifted, shifted));
            long bytes = ids.stream().mapToLong(id -> 1_000 + id.low()).sum();
            assertEquals(60, pool.health().degradedCopies());
            assertEquals(60, pool.health().misplacedCopies());
            assertEquals(bytes, pool.backfill().bytesRemaining());
            assertEquals(0, pool.settle());
            assertEquals(bytes, pool.backfill().copiedBytes());
            assertEquals(60, pool.backfill().droppedCopies());
            assertWhole(pool, 60);
            assertAllRead(pool, ids);
        }
    }

    @Test
    void goesOnByItselfAfterTheMapChanges() {
        TestPlacement before = threeCopies();
        IntFunction<int[]> shifted = group -> new int[] {(group + 1) % 3, 3 + group, 6 + group};
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, before)) {
            write(pool, 0, 20);
            pool.place(before.next(shifted, shifted));
            pool.pace(BackfillPace.UNLIMITED);
            for (int tries = 0; pool.backfill().droppedCopies() < 20; tries++) {
                assertTrue(tries < 60_000, () -> pool.health().toString());
                LockSupport.parkNanos(1_000_000);
            }
            assertEquals(20, pool.backfill().copiedBlobs());
            assertWhole(pool, 20);
        }
    }

    @Test
    void aDeviceThatComesBackGetsWhatOthersKeptForIt() {
        TestPlacement all = threeCopies();
        IntFunction<int[]> handoffs =
                group -> new int[] {group == 0 ? 1 : group, 3 + group, 6 + group};
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, all)) {
            List<BlobId> ids = write(pool, 0, 30);
            fixture.inject(0, FAILING_SYNCS);
            write(pool, 30, 33);
            assertEquals(DeviceState.FAILED, devices.stats().getFirst().state());
            pool.place(all.next(BackfillTest::threeHosts, handoffs));
            ids = new ArrayList<>(ids);
            ids.addAll(write(pool, 33, 60));
            assertEquals(0, pool.settle(), "a device that is down is not replaced yet");
            assertEquals(9, pool.health().misplacedCopies());
            BlobId deleted = ids.removeFirst();
            assertEquals(List.of(0), pool.delete(deleted).join().failedOn());
            fixture.inject(0, Faults.NONE);
            devices.reopen(0, false);
            pool.place(all.next(BackfillTest::threeHosts, BackfillTest::threeHosts));
            assertEquals(0, pool.settle());
            assertWhole(pool, 59);
            assertThrows(BlobMissingException.class, () -> pool.lengthBytes(deleted));
            assertAllRead(pool, ids);
            assertEquals(Set.of(0, 3, 6), PoolFixture.listedOn(pool, TestBlobs.id(33)));
        }
    }

    @Test
    void aReplacedDeviceIsFilledAgain() throws IOException {
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, threeCopies())) {
            List<BlobId> ids = write(pool, 0, 30);
            assertTrue(devices.remove(4));
            fixture.wipe(4);
            assertThrows(DeviceException.class, () -> devices.add(fixture.config(4), false));
            devices.add(fixture.config(4), true);
            assertEquals(10, pool.health().degradedCopies());
            assertEquals(0, pool.settle());
            assertWhole(pool, 30);
            assertAllRead(pool, ids);
        }
    }

    @Test
    void dropsNothingWhileTheMapNamesTooFewDevices() {
        TestPlacement three = threeCopies();
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, three)) {
            write(pool, 0, 9);
            pool.place(three.next(WITHOUT_ZERO, WITHOUT_ZERO));
            assertEquals(0, pool.settle());
            assertEquals(3, pool.health().undersizedGroups());
            assertEquals(0, pool.health().degradedCopies());
            assertEquals(12, pool.health().misplacedCopies());
            assertEquals(0, pool.backfill().droppedCopies());
            pool.place(three.next(HOMES, HOMES));
            assertEquals(0, pool.settle());
            assertEquals(0, pool.backfill().droppedCopies());
        }
    }

    @Test
    void aDamagedCopyAtHomeIsRepairedBeforeAnyOtherIsDropped() throws IOException {
        TestPlacement before = threeCopies();
        IntFunction<int[]> shifted = group -> new int[] {(group + 1) % 3, 3 + group, 6 + group};
        BlobId id = TestBlobs.id(0);
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, before)) {
            write(pool, 0, 30);
        }
        fixture.damage(3, id, 1_000);
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, before.next(shifted, shifted))) {
            assertEquals(0, pool.settle());
            assertEquals(3, pool.verify(id).count(CopyState.GOOD));
            assertWhole(pool, 30);
        }
    }
}
