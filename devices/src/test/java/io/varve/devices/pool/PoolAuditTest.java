package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.AuditMark;
import io.varve.devices.AuditReport;
import io.varve.devices.BlobId;
import io.varve.devices.WantedBlobs;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

final class PoolAuditTest {
    private static final TestPlacement PLACEMENT =
            TestPlacement.of(3, group -> new int[] {group, 3 + group, 6 + group});

    @TempDir Path directory;
    private PoolFixture fixture = new PoolFixture(Path.of("unset"));

    @BeforeEach
    void makeFixture() {
        fixture = new PoolFixture(directory);
    }

    private static List<BlobId> write(ReplicatedPool pool, int count) {
        List<BlobId> ids = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            ids.add(TestBlobs.id(i));
            PoolFixture.write(pool, TestBlobs.id(i), 500);
        }
        return ids;
    }

    @Test
    void isCleanWhenTheDevicesHoldWhatTheyShould() {
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            List<BlobId> ids = write(pool, 20);
            AuditReport report = pool.audit(ids::forEach, Duration.ZERO);
            assertTrue(report.clean(), report::toString);
            assertEquals(20, report.heldBlobs());
        }
    }

    @Test
    void dropsALeftoverOnlyWhenItsGraceTimeIsOver() {
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            List<BlobId> ids = write(pool, 20);
            BlobId leftover = ids.removeFirst();
            for (int i = 0; i < 3; i++) {
                AuditReport early = pool.audit(ids::forEach, Duration.ofHours(1));
                assertEquals(1, early.leftovers());
                assertEquals(0, early.droppedLeftovers());
            }
            PoolFixture.assertReads(pool, leftover, 500);
            AuditReport late = pool.audit(ids::forEach, Duration.ZERO);
            assertEquals(1, late.droppedLeftovers());
            assertEquals(Set.of(), PoolFixture.listedOn(pool, leftover));
            assertTrue(pool.audit(ids::forEach, Duration.ZERO).clean());
        }
    }

    @Test
    void aLeftoverThatIsNamedInTimeStays() {
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            List<BlobId> ids = write(pool, 5);
            assertEquals(
                    4, pool.audit(ids.subList(0, 1)::forEach, Duration.ofHours(1)).leftovers());
            assertTrue(pool.audit(ids::forEach, Duration.ZERO).clean());
        }
    }

    /** What may exist and need not. */
    private static WantedBlobs with(List<BlobId> wanted, List<BlobId> tolerated) {
        return new WantedBlobs() {
            @Override
            public void forEach(Consumer<BlobId> visitor) {
                wanted.forEach(visitor);
            }

            @Override
            public void forEach(Consumer<BlobId> visitor, Consumer<BlobId> either) {
                tolerated.forEach(either);
                wanted.forEach(visitor);
            }
        };
    }

    @Test
    void whatIsToleratedIsNeitherALeftoverNorMissing() {
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            List<BlobId> ids = write(pool, 5);
            List<BlobId> tolerated = List.of(ids.removeLast(), TestBlobs.id(77));
            for (int i = 0; i < 2; i++) {
                AuditReport report = pool.audit(with(ids, tolerated), Duration.ZERO);
                assertTrue(report.clean(), report::toString);
            }
            assertEquals(1, pool.audit(with(ids, List.of()), Duration.ZERO).droppedLeftovers());
            assertEquals(1, pool.auditProgress());
        }
    }

    @Test
    void whatIsToleratedAndWantedIsMissedWhenItIsNotThere() {
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            List<BlobId> ids = write(pool, 5);
            ids.add(TestBlobs.id(77));
            AuditReport report = pool.audit(with(ids, ids), Duration.ZERO);
            assertEquals(List.of(TestBlobs.id(77)), report.lostBlobs());
        }
    }

    @Test
    void tellsWhatIsLostFromWhatIsOnlyAway() {
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            List<BlobId> ids = write(pool, 6);
            for (int id : new int[] {0, 3, 6}) {
                assertTrue(devices.remove(id));
            }
            devices.add(fixture.config(0), false);
            devices.add(fixture.config(3), false);
            assertEquals(0, pool.audit(ids::forEach, Duration.ZERO).lost());
            assertTrue(devices.remove(0));
            assertTrue(devices.remove(3));
            AuditReport report = pool.audit(ids::forEach, Duration.ZERO);
            assertEquals(2, report.lost());
            assertEquals(Set.of(ids.get(0), ids.get(3)), Set.copyOf(report.lostBlobs()));
            assertEquals(2, pool.health().lostBlobs());
            assertFalse(pool.health().whole());
            ids.add(new BlobId(TestBlobs.id(0).high(), 700));
            devices.add(fixture.config(0), false);
            report = pool.audit(ids::forEach, Duration.ZERO);
            assertEquals(List.of(ids.getLast()), report.lostBlobs());
            assertEquals(2, report.repairsOwed());
        }
    }

    @Test
    void blobsOfOtherPoolsAreNotItsOwn() {
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            List<BlobId> ids = write(pool, 3);
            ids.add(new BlobId(TestBlobs.id(0).high() | 9, 1));
            assertTrue(pool.audit(ids::forEach, Duration.ZERO).clean());
        }
    }

    /** Rounds of a few blobs each, on the devices of a pool. */
    private static PoolAudit inRounds(DeviceSet devices) {
        PoolMembers members = new PoolMembers(devices, PLACEMENT);
        return new PoolAudit(
                0,
                new CopyAudit(0, members),
                id -> true,
                new CopyTrust(members, id -> members.holders(id).logs()),
                System::nanoTime,
                30);
    }

    @Test
    void goesOnWhereItWasCutOff() {
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            List<BlobId> ids = write(pool, 100);
            List<BlobId> wanted = new ArrayList<>(ids.subList(20, 100));
            wanted.add(TestBlobs.id(1000));
            AuditReport whole =
                    inRounds(devices)
                            .run(
                                    wanted::forEach,
                                    Duration.ofDays(1),
                                    AuditMark.BEGINNING,
                                    mark -> {});
            assertEquals(20, whole.leftovers());
            assertEquals(1, whole.lost());
            List<AuditMark> marks = new ArrayList<>();
            AtomicInteger rounds = new AtomicInteger();
            WantedBlobs cutOff =
                    visitor -> {
                        if (rounds.incrementAndGet() == 6) {
                            throw new CancellationException("cut off, as the test wants");
                        }
                        wanted.forEach(visitor);
                    };
            assertThrows(
                    CancellationException.class,
                    () ->
                            inRounds(devices)
                                    .run(
                                            cutOff,
                                            Duration.ofDays(1),
                                            AuditMark.BEGINNING,
                                            marks::add));
            assertTrue(marks.size() >= 4, () -> "marks " + marks);
            int partsDone = marks.getLast().partsDone();
            AuditReport rest =
                    inRounds(devices)
                            .run(
                                    wanted::forEach,
                                    Duration.ofDays(1),
                                    marks.getLast(),
                                    mark -> assertTrue(mark.partsDone() > partsDone));
            assertEquals(whole, rest);
        }
    }
}
