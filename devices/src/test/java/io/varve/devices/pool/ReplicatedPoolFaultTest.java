package io.varve.devices.pool;

import static io.varve.devices.pool.PoolFixture.assertReads;
import static io.varve.devices.pool.PoolFixture.await;
import static io.varve.devices.pool.PoolFixture.listedOn;
import static io.varve.devices.pool.PoolFixture.replicaSet;
import static io.varve.devices.pool.PoolFixture.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobPool;
import io.varve.devices.BlobVerification;
import io.varve.devices.BlobWritten;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceScrub;
import io.varve.devices.DeviceState;
import io.varve.devices.InsufficientCopiesException;
import io.varve.devices.PoolFullException;
import io.varve.devices.file.FaultyDeviceFiles.Faults;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

final class ReplicatedPoolFaultTest {
    private static final Faults EIO =
            new Faults() {
                @Override
                public int onWrite(String name, long offset, int length) throws IOException {
                    throw new IOException("Input/output error");
                }

                @Override
                public void onRead(String name, long offset) throws IOException {
                    throw new IOException("Input/output error");
                }

                @Override
                public void onSync(String name) throws IOException {
                    throw new IOException("Input/output error");
                }
            };

    @TempDir Path directory;
    private PoolFixture fixture = new PoolFixture(Path.of("unset"));

    @BeforeEach
    void makeFixture() {
        fixture = new PoolFixture(directory);
    }

    /**
     * Writes another blob to the same devices: in the last batch of a segment that is not sealed,
     * damage cannot be told from a write that was cut off.
     */
    private static void writeAfter(BlobPool pool, BlobId id) {
        write(pool, TestBlobs.id(id.low() + PoolFixture.DEVICES), 10);
    }

    /** Syncs wait until the latch opens. */
    private static Faults hangingSyncs(CountDownLatch reached, CountDownLatch release) {
        return new Faults() {
            @Override
            public void onSync(String name) {
                reached.countDown();
                await(release);
            }
        };
    }

    @Test
    void acknowledgesWithTwoCopiesWhenTheThirdDeviceFails() {
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            BlobId id = TestBlobs.id(1);
            int failing = replicaSet(id)[1];
            fixture.inject(failing, EIO);
            BlobWritten written = write(pool, id, 5000);
            assertEquals(2, written.copies());
            assertEquals(List.of(failing), written.missingOn());
            assertEquals(Set.of(id), pool.deficits());
            assertEquals(1, fixture.events(DeviceEvent.CopySkipped.class).size());
            assertEquals(DeviceState.FAILED, pool.stats().get(failing).state());
            assertReads(pool, id, 5000);
        }
    }

    @Test
    void goesOnWithTwoOfNineDevicesFailing() {
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            for (long i = 0; i < 30; i++) {
                write(pool, TestBlobs.id(i), 3000);
            }
            // Of one host, so that every blob keeps two healthy devices.
            fixture.inject(0, EIO);
            fixture.inject(1, EIO);
            for (long i = 30; i < 60; i++) {
                assertTrue(write(pool, TestBlobs.id(i), 3000).copies() >= 2);
            }
            for (long i = 0; i < 60; i++) {
                assertReads(pool, TestBlobs.id(i), 3000);
            }
        }
    }

    @Test
    void refusesAWriteThatTooFewDevicesTakeAndKeepsNothingOfIt() {
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            BlobId id = TestBlobs.id(1);
            int[] set = replicaSet(id);
            fixture.inject(set[1], EIO);
            fixture.inject(set[2], EIO);
            CompletableFuture<BlobWritten> first =
                    pool.write(id, TestBlobs.payload(id, 100), new byte[0]);
            CompletionException e = assertThrows(CompletionException.class, first::join);
            assertInstanceOf(InsufficientCopiesException.class, e.getCause());
            assertEquals(Set.of(), listedOn(pool, id));
            // Known to be failed by now: refused before anything is written.
            BlobId later = TestBlobs.id(1 + 9);
            long written = pool.stats().get(set[0]).traffic().writtenBlobs();
            CompletableFuture<BlobWritten> second =
                    pool.write(later, TestBlobs.payload(later, 100), new byte[0]);
            e = assertThrows(CompletionException.class, second::join);
            assertInstanceOf(InsufficientCopiesException.class, e.getCause());
            assertEquals(written, pool.stats().get(set[0]).traffic().writtenBlobs());
        }
    }

    @Test
    void aRefusedRewriteKeepsTheCopiesThatWereThere() {
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            BlobId id = TestBlobs.id(1);
            int[] set = replicaSet(id);
            write(pool, id, 100);
            fixture.inject(set[1], EIO);
            fixture.inject(set[2], EIO);
            BlobId other = TestBlobs.id(10);
            assertThrows(CompletionException.class, () -> write(pool, other, 100));
            assertThrows(CompletionException.class, () -> write(pool, id, 100));
            assertReads(pool, id, 100);
            assertTrue(listedOn(pool, id).contains(set[0]));
        }
    }

    @Test
    void waitsForADeviceThatLags() {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            BlobId id = TestBlobs.id(1);
            int lagging = replicaSet(id)[2];
            fixture.inject(lagging, hangingSyncs(reached, release));
            CompletableFuture<BlobWritten> write =
                    pool.write(id, TestBlobs.payload(id, 100), new byte[0]);
            await(reached);
            while (listedOn(pool, id).size() < 2) {
                LockSupport.parkNanos(1_000_000);
            }
            assertFalse(write.isDone(), "acknowledged while a device merely lags");
            release.countDown();
            assertEquals(3, write.join().copies());
        }
    }

    @Test
    void setsADeviceAsideThatHangs() {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        fixture.hangTimeout(Duration.ofSeconds(2));
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            BlobId id = TestBlobs.id(1);
            int hanging = replicaSet(id)[0];
            fixture.inject(hanging, hangingSyncs(reached, release));
            BlobWritten written = write(pool, id, 100);
            assertEquals(List.of(hanging), written.missingOn());
            assertEquals(DeviceState.FAILED, pool.stats().get(hanging).state());
            assertReads(pool, id, 100);
            release.countDown();
        }
    }

    @Test
    void readsTheNextCopyWhenADeviceHangs() {
        CountDownLatch release = new CountDownLatch(1);
        fixture.hangTimeout(Duration.ofSeconds(2));
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            BlobId id = TestBlobs.id(1);
            write(pool, id, 100_000);
            fixture.inject(
                    replicaSet(id)[0],
                    new Faults() {
                        @Override
                        public void onRead(String name, long offset) {
                            await(release);
                        }
                    });
            CountDownLatch setAside = fixture.expect(DeviceEvent.Failed.class::isInstance);
            long began = System.nanoTime();
            assertReads(pool, id, 100_000);
            long tookMs = (System.nanoTime() - began) / 1_000_000;
            assertTrue(tookMs < 2_000, "it waited for the hang to be found: ms=" + tookMs);
            await(setAside);
            assertEquals(DeviceState.FAILED, pool.stats().get(replicaSet(id)[0]).state());
            release.countDown();
        }
    }

    @Test
    void readsTheNextCopyWhenOneIsDamagedAndRepairsIt() throws Exception {
        BlobId id = TestBlobs.id(1);
        int first = replicaSet(id)[0];
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            write(pool, id, 50_000);
            writeAfter(pool, id);
        }
        fixture.damage(first, id, 50_000);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            assertEquals(CopyState.DAMAGED, pool.verify(id).copies().get(first));
            CountDownLatch repaired = fixture.expect(DeviceEvent.CopyRepaired.class::isInstance);
            assertReads(pool, id, 50_000);
            assertEquals(
                    first, fixture.events(DeviceEvent.CopyDamaged.class).getFirst().deviceId());
            await(repaired);
            assertEquals(3, pool.verify(id).count(CopyState.GOOD));
        }
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            assertEquals(3, pool.verify(id).count(CopyState.GOOD), "after a restart");
        }
    }

    @Test
    void servesNothingWhenEveryCopyIsDamaged() throws Exception {
        BlobId id = TestBlobs.id(1);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            write(pool, id, 5_000);
            writeAfter(pool, id);
        }
        for (int device : replicaSet(id)) {
            fixture.damage(device, id, 5_000);
        }
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            assertThrows(BlobDamagedException.class, () -> assertReads(pool, id, 5_000));
            BlobVerification after = pool.repair(id);
            assertEquals(3, after.count(CopyState.DAMAGED));
            assertEquals(3, fixture.events(DeviceEvent.RepairFailed.class).size());
        }
    }

    @Test
    void aReplacedDeviceGetsItsCopiesBackAsTheyAreRead() throws Exception {
        List<BlobId> ids = new ArrayList<>();
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            for (long i = 0; i < 12; i++) {
                ids.add(TestBlobs.id(i));
                write(pool, ids.getLast(), 2_000);
            }
        }
        fixture.wipe(4);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            Set<BlobId> lacking = new HashSet<>();
            for (BlobId id : ids) {
                if (replicaSet(id)[1] == 4) {
                    lacking.add(id);
                    CountDownLatch repaired =
                            fixture.expect(
                                    event -> event.equals(new DeviceEvent.CopyRepaired(4, id)));
                    assertReads(pool, id, 2_000);
                    await(repaired);
                }
                assertEquals(3, pool.verify(id).count(CopyState.GOOD));
            }
            assertEquals(4, lacking.size());
            assertEquals(4, fixture.events(DeviceEvent.CopyMissing.class).size());
        }
    }

    @Test
    void startsWithoutDevicesThatAreGoneEmptyOrOthers() throws Exception {
        BlobId id = TestBlobs.id(1);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            write(pool, id, 2_000);
        }
        fixture.formatEmpty(false).wipe(0);
        fixture.wipe(3);
        Files.delete(fixture.path(3));
        Files.move(fixture.path(7), directory.resolve("aside"));
        Files.move(fixture.path(6), fixture.path(7));
        Files.move(directory.resolve("aside"), fixture.path(6));
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            Set<Integer> missing = new HashSet<>();
            fixture.events(DeviceEvent.Unavailable.class)
                    .forEach(event -> missing.add(event.deviceId()));
            assertEquals(Set.of(0, 3, 6, 7), missing);
            assertEquals(DeviceState.MISSING, pool.stats().get(3).state());
        }
    }

    @Test
    void refusesWritesWhenFullBeforeAnythingIsWrittenAndRecoversByDeletes() {
        fixture.capacitySegments(5);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            List<BlobId> written = new ArrayList<>();
            CompletionException full = null;
            for (long i = 0; full == null; i++) {
                assertTrue(i < 1_000, "never full");
                BlobId id = TestBlobs.id(i * 3);
                try {
                    write(pool, id, 100_000);
                    written.add(id);
                } catch (CompletionException e) {
                    full = e;
                    assertEquals(Set.of(), listedOn(pool, id));
                }
            }
            assertInstanceOf(PoolFullException.class, full.getCause());
            assertFalse(fixture.events(DeviceEvent.Full.class).isEmpty());
            CountDownLatch compacted =
                    fixture.expect(DeviceEvent.SegmentCompacted.class::isInstance);
            for (int i = 0; i < written.size() - 3; i++) {
                assertEquals(3, pool.delete(written.get(i)).join().copies());
            }
            await(compacted);
            for (BlobId id : written.subList(written.size() - 3, written.size())) {
                assertReads(pool, id, 100_000);
            }
            BlobId again = TestBlobs.id(30_000);
            int tries = 0;
            while (!writes(pool, again)) {
                assertTrue(tries++ < 1_000_000, "space never came back");
                LockSupport.parkNanos(1_000_000);
            }
            assertReads(pool, again, 100_000);
        }
    }

    private static boolean writes(BlobPool pool, BlobId id) {
        try {
            return write(pool, id, 100_000).copies() == 3;
        } catch (CompletionException e) {
            assertInstanceOf(PoolFullException.class, e.getCause());
            return false;
        }
    }

    @Test
    void aRepairThatADeleteOvertakesLeavesNoCopy() throws Exception {
        BlobId id = TestBlobs.id(1);
        int target = replicaSet(id)[2];
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            write(pool, id, 2_000);
        }
        fixture.wipe(target);
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            fixture.inject(target, hangingSyncs(reached, release));
            Thread repair = Thread.startVirtualThread(() -> pool.repair(id));
            await(reached);
            CompletableFuture<?> delete = pool.delete(id);
            release.countDown();
            delete.join();
            repair.join();
            assertEquals(Set.of(), listedOn(pool, id));
        }
    }

    @Test
    void scrubFindsRotBeforeAReaderDoesAndHasItRepaired() throws Exception {
        List<BlobId> ids = new ArrayList<>();
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            for (long i = 0; i < 9; i++) {
                ids.add(TestBlobs.id(i));
                write(pool, ids.getLast(), 3_000);
            }
        }
        BlobId rotten = ids.get(3);
        int device = replicaSet(rotten)[0];
        fixture.damage(device, rotten, 3_000);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            CountDownLatch repaired =
                    fixture.expect(
                            event -> event.equals(new DeviceEvent.CopyRepaired(device, rotten)));
            DeviceScrub scrub = pool.scrub(device).join();
            assertEquals(new DeviceScrub(device, 2, 6_000, 1), scrub);
            await(repaired);
            assertEquals(new DeviceScrub(device, 3, 9_000, 0), pool.scrub(device).join());
        }
    }
}
