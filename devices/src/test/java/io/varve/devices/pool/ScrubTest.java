package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceEvent;
import io.varve.devices.PoolConfig;
import io.varve.devices.ScrubMode;
import io.varve.devices.ScrubPace;
import io.varve.devices.log.DeviceLog;
import io.varve.devices.log.ScrubMark;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

final class ScrubTest {
    private static final TestPlacement PLACEMENT =
            TestPlacement.of(3, group -> new int[] {group, 3 + group, 6 + group});
    private static final ScrubPace DAILY_AND_WEEKLY =
            new ScrubPace(Duration.ofDays(1), Duration.ofDays(7), 1L << 40, 1);

    @TempDir Path directory;
    private final AtomicLong nowMs = new AtomicLong(System.currentTimeMillis());
    private final List<BlobId> damaged = new ArrayList<>();
    private PoolFixture fixture = new PoolFixture(Path.of("unset"));

    @BeforeEach
    void makeFixture() {
        fixture = new PoolFixture(directory);
    }

    private Scrub scrub(DeviceSet devices) {
        PoolMembers members = new PoolMembers(devices, PLACEMENT);
        return new Scrub(
                PoolConfig.DEFAULT.poolId(),
                DAILY_AND_WEEKLY,
                members,
                devices.reader(),
                damaged::add,
                new Foreground(),
                devices.listener(),
                nowMs::get);
    }

    private void pass(Duration time) {
        nowMs.addAndGet(time.toMillis());
    }

    @Test
    void looksAtEachDeviceWhenItsTimeHasCome() throws IOException {
        try (DeviceSet devices = fixture.openDevices()) {
            Scrub scrub = scrub(devices);
            assertEquals(0, scrub.look(), "new devices");
            pass(Duration.ofHours(25));
            assertEquals(PoolFixture.DEVICES, scrub.look());
            assertEquals(0, scrub.look());
            assertEquals(nowMs.get(), devices.log(4).scrubMark(0).lastLightMs());
            assertEquals(0, devices.log(4).scrubMark(0).lastDeepMs());
            pass(Duration.ofDays(7));
            assertEquals(PoolFixture.DEVICES, scrub.look());
            assertEquals(nowMs.get(), devices.log(4).scrubMark(0).lastDeepMs());
            assertEquals(nowMs.get(), scrub.progress().get(4).lastDeepMs());
        }
        try (DeviceSet devices = fixture.openDevices()) {
            assertEquals(0, scrub(devices).look(), "after a restart");
        }
    }

    @Test
    void aLightOneReadsHeadsAndADeepOneEveryByte() throws IOException {
        BlobId rotten = TestBlobs.id(0);
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            for (long i = 0; i < 30; i++) {
                PoolFixture.write(pool, TestBlobs.id(i), 9_000);
            }
        }
        fixture.damage(3, rotten, 9_000);
        try (DeviceSet devices = fixture.openDevices()) {
            Scrub scrub = scrub(devices);
            pass(Duration.ofDays(2));
            scrub.look();
            assertEquals(List.of(), damaged);
            pass(Duration.ofDays(7));
            scrub.look();
            assertEquals(List.of(rotten), damaged);
        }
    }

    @Test
    void goesOnWhereItWasCutOff() throws IOException {
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            for (long i = 0; i < 60; i++) {
                PoolFixture.write(pool, TestBlobs.id(i), 100);
            }
        }
        try (DeviceSet devices = fixture.openDevices()) {
            DeviceLog log = (DeviceLog) devices.log(0);
            log.mark(0, ScrubMark.NONE.at(ScrubMode.DEEP, 128));
            long before = log.stats().traffic().readBlobs();
            long[] behind = {0};
            log.list((id, length) -> behind[0] += DeviceLog.partOf(id) >= 128 ? 1 : 0);
            assertTrue(behind[0] > 0 && behind[0] < 20, "behind=" + behind[0]);
            pass(Duration.ofDays(8));
            scrub(devices).look();
            assertEquals(behind[0], log.stats().traffic().readBlobs() - before);
        }
    }

    @Test
    void aDamagedMarkBeginsAnew() throws IOException {
        try (DeviceSet devices = fixture.openDevices()) {
            devices.log(0).mark(0, ScrubMark.NONE.at(ScrubMode.DEEP, 128));
            assertEquals(128, devices.log(0).scrubMark(0).partsDone());
            Path mark = fixture.path(0).resolve("scrub-0");
            byte[] bytes = Files.readAllBytes(mark);
            bytes[12] ^= 1;
            Files.write(mark, bytes);
            assertEquals(ScrubMark.NONE, devices.log(0).scrubMark(0));
        }
    }

    @Test
    void makesDamagedCopiesOfTheLabelGoodAgain() throws IOException {
        Path label = fixture.path(2).resolve("label.1");
        try (DeviceSet devices = fixture.openDevices()) {
            byte[] good = Files.readAllBytes(label);
            byte[] bad = good.clone();
            bad[40] ^= 1;
            Files.write(label, bad);
            Files.delete(fixture.path(2).resolve("label.2"));
            pass(Duration.ofDays(2));
            scrub(devices).look();
            assertArrayEquals(good, Files.readAllBytes(label));
            assertArrayEquals(good, Files.readAllBytes(fixture.path(2).resolve("label.2")));
        }
        DeviceEvent.LabelRepaired repaired =
                fixture.events(DeviceEvent.LabelRepaired.class).getFirst();
        assertEquals(List.of("label.1", "label.2"), repaired.copies());
    }

    @Test
    void whatItFindsIsRepairedFromAGoodCopy() throws IOException {
        BlobId rotten = TestBlobs.id(0);
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            for (long i = 0; i < 30; i++) {
                PoolFixture.write(pool, TestBlobs.id(i), 9_000);
            }
        }
        fixture.damage(3, rotten, 9_000);
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            CountDownLatch repaired = fixture.expect(DeviceEvent.CopyRepaired.class::isInstance);
            assertEquals(1, pool.scrub(3).join().damagedBlobs());
            PoolFixture.await(repaired);
            assertEquals(3, pool.verify(rotten).count(CopyState.GOOD));
        }
    }
}
