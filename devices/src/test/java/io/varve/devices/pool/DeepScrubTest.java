package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceEvent;
import io.varve.devices.log.DeviceLog;
import io.varve.devices.log.MediaRegions;
import io.varve.devices.log.MediaRegions.Kind;
import io.varve.devices.log.MediaRegions.Region;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Bits that turn around anywhere on a device: a deep scrub finds each, and what was damaged is as
 * it should be again. One device at a time, so that there are good copies.
 */
final class DeepScrubTest {
    private static final TestPlacement PLACEMENT =
            TestPlacement.of(3, group -> new int[] {group, 3 + group, 6 + group});
    private static final int BLOBS = 240;
    private static final int MAX_BLOB_BYTES = 30_000;
    private static final int RECORDS_AT_ONCE = 48;
    private static final int FLIPS = 10_000;

    @TempDir Path directory;

    @Test
    @Tag("slow")
    void findsAndRepairsEachOfTenThousandBits() throws IOException {
        int percent = Integer.getInteger("varve.slow.percent", 100);
        run(FLIPS * percent / 100, System.nanoTime());
    }

    private void run(int flips, long seed) throws IOException {
        Random random = new Random(seed);
        PoolFixture fixture = new PoolFixture(directory);
        Map<Kind, Integer> done = new EnumMap<>(Kind.class);
        int turned = 0;
        int[] lengths;
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            lengths = write(pool, random);
            for (int round = 0; turned < flips; round++) {
                int device = random.nextInt(PoolFixture.DEVICES);
                List<Region> regions = choose((DeviceLog) devices.log(device), fixture, random);
                for (Region region : regions) {
                    region.flip(random);
                    done.merge(region.kind(), 1, Integer::sum);
                }
                turned += regions.size();
                String what = "seed=" + seed + ", round=" + round + ", device=" + device;
                fixture.events.clear();
                scrub(pool, device);
                for (Region region : regions) {
                    assertTrue(
                            isFound(fixture, region, device)
                                    || MediaRegions.isLeft((DeviceLog) devices.log(device), region),
                            () -> what + ": not found: " + region + " " + damage(fixture));
                }
                pool.settle();
                assertRepaired(pool, lengths, what);
            }
            String what = "seed=" + seed;
            fixture.events.clear();
            for (int device = 0; device < PoolFixture.DEVICES; device++) {
                scrub(pool, device);
            }
            assertEquals(List.of(), damage(fixture), what);
            assertTrue(pool.health().whole(), () -> what + " " + pool.health());
        }
        for (Kind kind : Kind.values()) {
            assertTrue(done.getOrDefault(kind, 0) > 0, () -> "no flips of " + kind + ": " + done);
        }
        reopens(fixture, lengths, seed);
    }

    private static int[] write(ReplicatedPool pool, Random random) {
        int[] lengths = new int[BLOBS];
        for (int i = 0; i < BLOBS; i++) {
            lengths[i] = 1 + random.nextInt(MAX_BLOB_BYTES);
            PoolFixture.write(pool, TestBlobs.id(i), lengths[i]);
        }
        return lengths;
    }

    /** Of each thing one bit at most, so that each has to be found by itself. */
    private static List<Region> choose(DeviceLog log, PoolFixture fixture, Random random)
            throws IOException {
        Path media = fixture.path(log.deviceId());
        List<Region> records = MediaRegions.records(log, media, random);
        Collections.shuffle(records, random);
        List<Region> regions =
                new ArrayList<>(records.subList(0, Math.min(records.size(), RECORDS_AT_ONCE)));
        regions.addAll(MediaRegions.segments(media, random));
        regions.add(MediaRegions.label(media, random));
        return regions;
    }

    private static void scrub(ReplicatedPool pool, int device) {
        pool.scrub(device).join();
        long end = System.nanoTime() + 60_000_000_000L;
        while (pool.repairsQueued() > 0) {
            assertTrue(System.nanoTime() < end, "repairs do not end");
            LockSupport.parkNanos(200_000);
        }
    }

    private static boolean isFound(PoolFixture fixture, Region region, int device) {
        return switch (region.kind()) {
            case PAYLOAD, RECORD_HEAD ->
                    fixture.events(DeviceEvent.CopyDamaged.class).stream()
                            .anyMatch(
                                    event ->
                                            event.deviceId() == device
                                                    && event.blobId().equals(region.blobId()));
            case SEGMENT_HEADER, SEGMENT_FOOTER ->
                    fixture.events(DeviceEvent.SegmentDamaged.class).stream()
                            .anyMatch(
                                    event ->
                                            event.deviceId() == device
                                                    && event.segmentSequence()
                                                            == region.sequence());
            case LABEL -> !fixture.events(DeviceEvent.LabelRepaired.class).isEmpty();
        };
    }

    private static List<DeviceEvent> damage(PoolFixture fixture) {
        return fixture.events.stream()
                .filter(
                        event ->
                                event instanceof DeviceEvent.CopyDamaged
                                        || event instanceof DeviceEvent.SegmentDamaged
                                        || event instanceof DeviceEvent.CompactionStopped
                                        || event instanceof DeviceEvent.LabelRepaired)
                .toList();
    }

    private static void assertRepaired(ReplicatedPool pool, int[] lengths, String what) {
        Set<BlobId> bad = new HashSet<>();
        for (int i = 0; i < lengths.length; i++) {
            BlobId id = TestBlobs.id(i);
            if (pool.verify(id).count(CopyState.GOOD) != 3) {
                bad.add(id);
            }
        }
        assertEquals(Set.of(), bad, () -> what + ": not repaired");
    }

    /**
     * What a start reads is as it should be as well. It may tell of damaged records in a segment
     * that was open: those whose blob has a whole one behind them.
     */
    private static void reopens(PoolFixture fixture, int[] lengths, long seed) {
        fixture.events.clear();
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, PLACEMENT)) {
            assertEquals(PoolFixture.DEVICES, devices.stats().size());
            assertRepaired(pool, lengths, "reopened, seed=" + seed);
            assertEquals(List.of(), fixture.events(DeviceEvent.SegmentLost.class));
            assertEquals(List.of(), fixture.events(DeviceEvent.FooterRebuilt.class));
        }
    }
}
