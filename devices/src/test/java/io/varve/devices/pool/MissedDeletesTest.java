package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.AuditReport;
import io.varve.devices.BackfillPace;
import io.varve.devices.BlobId;
import io.varve.devices.DeviceSetConfig;
import io.varve.devices.ErasureConfig;
import io.varve.devices.PoolHealth;
import io.varve.devices.Redundancy;
import io.varve.devices.ScrubPace;
import io.varve.devices.TendedPool;
import io.varve.devices.file.FaultyDeviceFiles.Faults;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

/** What was deleted while a device was away does not come back with it, restarts included. */
final class MissedDeletesTest {
    private static final TestPlacement PLACEMENT =
            TestPlacement.of(3, group -> new int[] {group, 3 + group, 6 + group});

    @TempDir Path directory;
    private PoolFixture fixture = new PoolFixture(Path.of("unset"));
    private final Set<Integer> kept = new TreeSet<>();

    @BeforeEach
    void makeFixture() {
        fixture = new PoolFixture(directory);
    }

    /** Without some, which are away. */
    private DeviceSet openDevices(Integer... away) {
        List<Integer> absent = List.of(away);
        DeviceSet set =
                DeviceSet.open(
                        new DeviceSetConfig(
                                PoolFixture.SITE,
                                IntStream.range(0, PoolFixture.DEVICES)
                                        .mapToObj(fixture::config)
                                        .toList(),
                                kept.isEmpty() && absent.isEmpty()),
                        fixture,
                        (config, create) -> {
                            if (absent.contains(config.deviceId())) {
                                throw new IOException("away, as the test wants");
                            }
                            return DeviceFilesOpener.onDisk(config, create);
                        },
                        missedDeletes());
        return set;
    }

    private MissedDeletes missedDeletes() {
        return new MissedDeletes(
                Set.copyOf(kept),
                devices -> {
                    kept.clear();
                    kept.addAll(devices);
                });
    }

    private static List<BlobId> write(TendedPool pool, int count) {
        List<BlobId> ids = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            ids.add(TestBlobs.id(i));
            PoolFixture.write(pool, TestBlobs.id(i), 500);
        }
        return ids;
    }

    private ErasurePool openShards(DeviceSet devices) {
        ErasureConfig config =
                ErasureConfig.of(0, (Redundancy.Erasure) Redundancy.parse("2+1").withMin(2))
                        .withMaxCopiedBytes(0)
                        .withBackfill(BackfillPace.PAUSED)
                        .withScrub(ScrubPace.NEVER);
        return ErasurePool.open(config, devices, PLACEMENT);
    }

    @Test
    void backfillCopiesNothingBackAndTheAuditDropsIt() {
        List<BlobId> ids;
        try (DeviceSet devices = openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            ids = write(pool, 12);
        }
        BlobId deleted = ids.removeFirst();
        try (DeviceSet devices = openDevices(0);
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            pool.delete(deleted).join();
            assertEquals(Set.of(0), kept);
        }
        try (DeviceSet devices = openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            assertEquals(Set.of(0), PoolFixture.listedOn(pool, deleted));
            assertEquals(Set.of(0), pool.unvettedDevices());
            pool.settle();
            pool.repair(deleted);
            assertEquals(Set.of(0), PoolFixture.listedOn(pool, deleted));

            AuditReport early = pool.audit(ids::forEach, Duration.ofHours(1));
            assertEquals(1, early.leftovers());
            assertEquals(Set.of(), pool.unvettedDevices());
            devices.trust(List.of(pool));
            assertEquals(Set.of(0), kept, "there is a leftover still");
            pool.settle();
            assertEquals(Set.of(0), PoolFixture.listedOn(pool, deleted));

            assertEquals(1, pool.audit(ids::forEach, Duration.ZERO).droppedLeftovers());
            devices.trust(List.of(pool));
            assertEquals(Set.of(), kept);
            assertTrue(pool.health().whole(), () -> pool.health().toString());
            assertEquals(Set.of(), PoolFixture.listedOn(pool, deleted));
        }
    }

    /** What else the device has, and nobody has any more, is brought home once it is known. */
    @Test
    void whatOnlySuchADeviceHasIsCopiedAfterAnAudit() {
        List<BlobId> ids;
        try (DeviceSet devices = openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            ids = write(pool, 12);
        }
        BlobId deleted = ids.removeFirst();
        BlobId only = new BlobId(deleted.high(), deleted.low() + 3);
        assertTrue(ids.contains(only));
        try (DeviceSet devices = openDevices(0);
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            pool.delete(deleted).join();
            devices.log(3).delete(only).join();
            devices.log(6).delete(only).join();
        }
        try (DeviceSet devices = openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            pool.settle();
            assertEquals(Set.of(0), PoolFixture.listedOn(pool, only));
            pool.audit(ids::forEach, Duration.ofHours(1));
            pool.settle();
            assertEquals(Set.of(0, 3, 6), PoolFixture.listedOn(pool, only));
            assertEquals(Set.of(0), PoolFixture.listedOn(pool, deleted));
        }
    }

    /** Two of three shards come back, which would be enough to make the third again. */
    @Test
    void shardsOfWhatWasDeletedAreNotCompleted() {
        BlobId deleted = TestBlobs.id(0);
        try (DeviceSet devices = openDevices();
                ErasurePool pool = openShards(devices)) {
            PoolFixture.write(pool, deleted, 5000);
        }
        try (DeviceSet devices = openDevices(0, 3);
                ErasurePool pool = openShards(devices)) {
            pool.delete(deleted).join();
            assertEquals(Set.of(0, 3), kept);
        }
        try (DeviceSet devices = openDevices();
                ErasurePool pool = openShards(devices)) {
            pool.settle();
            assertEquals(Set.of(0, 3), PoolFixture.listedOn(pool, deleted));
            pool.audit(visitor -> {}, Duration.ZERO);
            assertEquals(Set.of(), PoolFixture.listedOn(pool, deleted));
            devices.trust(List.of(pool));
            assertEquals(Set.of(), kept);
        }
    }

    private static final Faults FAILING =
            new Faults() {
                @Override
                public int onWrite(String name, long offset, int length) throws IOException {
                    throw new IOException("Input/output error");
                }
            };

    /** Fails a device by a delete that it cannot write. */
    private void fail(TendedPool pool, int deviceId, BlobId deleted) {
        fixture.inject(deviceId, FAILING);
        assertEquals(List.of(deviceId), pool.delete(deleted).join().failedOn());
    }

    /** The counts are those of what should be there, at each moment. */
    private void assertCountsWhatIsWanted(DeviceSet devices, TendedPool pool, List<BlobId> ids) {
        fail(pool, 0, ids.removeFirst());
        BlobId later = new BlobId(ids.getFirst().high(), TestBlobs.id(0).low() + 3 * 32);
        assertTrue(ids.remove(later));
        pool.delete(later).join();
        PoolHealth away = pool.health();
        assertEquals(ids.size(), away.blobs());
        assertEquals(0, away.unreachableBlobs());
        long ofGroup = ids.stream().filter(id -> id.low() % 3 == 0).count();
        assertEquals(ofGroup, away.degradedCopies());
        fixture.inject(0, Faults.NONE);
        devices.reopen(0, false);
        // What it was told to do before has been done when this has.
        devices.log(0).delete(TestBlobs.id(99 * 32)).join();
        assertTrue(pool.health().whole(), () -> pool.health().toString());
        assertEquals(ids.size(), pool.health().blobs());
        assertEquals(Set.of(), PoolFixture.listedOn(pool, later));
    }

    private static List<BlobId> writeMade(TendedPool pool) {
        List<BlobId> ids = new ArrayList<>();
        for (long i = 0; i < 12; i++) {
            ids.add(TestBlobs.id(i * 32));
            PoolFixture.write(pool, ids.getLast(), 5000);
        }
        return ids;
    }

    @Test
    void whatWasDeletedWhileADeviceHadFailedIsNotCounted() {
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            assertCountsWhatIsWanted(devices, pool, writeMade(pool));
        }
    }

    @Test
    void shardsOfWhatWasDeletedWhileADeviceHadFailedAreNotCounted() {
        try (DeviceSet devices = fixture.openDevices();
                ErasurePool pool = openShards(devices)) {
            assertCountsWhatIsWanted(devices, pool, writeMade(pool));
        }
    }

    @Test
    void aDeleteFailsWhenItCannotBeKeptWhoMissedIt() {
        try (DeviceSet devices = openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            write(pool, 3);
        }
        MissedDeletes unkept =
                new MissedDeletes(
                        Set.of(),
                        devices -> {
                            throw new IllegalStateException("no room, as the test wants");
                        });
        unkept.caughtUp(99, 0);
        assertThrows(IllegalStateException.class, () -> unkept.missed(4));
        assertEquals(Set.of(), unkept.devices());
        try (DeviceSet devices =
                        DeviceSet.open(
                                new DeviceSetConfig(
                                        PoolFixture.SITE,
                                        List.of(fixture.config(0), fixture.config(3)),
                                        false),
                                fixture,
                                (config, create) -> {
                                    if (config.deviceId() == 3) {
                                        throw new IOException("away");
                                    }
                                    return DeviceFilesOpener.onDisk(config, create);
                                },
                                unkept);
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            assertThrows(CompletionException.class, () -> pool.delete(TestBlobs.id(0)).join());
        }
    }
}
