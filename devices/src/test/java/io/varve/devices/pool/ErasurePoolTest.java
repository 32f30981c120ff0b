package io.varve.devices.pool;

import static io.varve.devices.pool.PoolFixture.assertReads;
import static io.varve.devices.pool.PoolFixture.await;
import static io.varve.devices.pool.PoolFixture.listedOn;
import static io.varve.devices.pool.PoolFixture.write;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BackfillPace;
import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.BlobPool;
import io.varve.devices.BlobVerification;
import io.varve.devices.BlobWritten;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceScrub;
import io.varve.devices.ErasureConfig;
import io.varve.devices.InsufficientCopiesException;
import io.varve.devices.Redundancy.Erasure;
import io.varve.devices.ScrubPace;
import io.varve.devices.file.FaultyDeviceFiles.Faults;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/** Nine devices; the shards of group g are on devices g, g + 1, ... round the corner. */
final class ErasurePoolTest {
    private static final long SEED = 20_26;
    private static final int COPIED_BYTES = 4096;
    private static final int K = 4;
    private static final int M = 2;
    private static final ErasureConfig CONFIG =
            ErasureConfig.of(0, Erasure.of(K, M))
                    .withMaxCopiedBytes(COPIED_BYTES)
                    .withBackfill(BackfillPace.PAUSED)
                    .withRepairBytesPerSecond(1L << 40);

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

    private static BlobId id(long number) {
        return TestBlobs.id(number << 5);
    }

    private static int[] ring(int group) {
        int[] devices = new int[K + M];
        for (int i = 0; i < devices.length; i++) {
            devices[i] = (group + i) % PoolFixture.DEVICES;
        }
        return devices;
    }

    private static final TestPlacement RING =
            TestPlacement.of(PoolFixture.DEVICES, ErasurePoolTest::ring);

    private static int[] placesOf(BlobId id) {
        return ring(TestPlacement.groupOf(id.low(), PoolFixture.DEVICES));
    }

    private static ErasurePool open(DeviceSet devices) {
        return ErasurePool.open(CONFIG, devices, RING);
    }

    private static int[] lengths() {
        Random random = new Random(SEED);
        int[] fixed = {0, 1, 4095, 4096, 4097, 4100, 5003, 65_536, 65_537, 200_000, 262_144};
        int[] lengths = Arrays.copyOf(fixed, 30);
        for (int i = fixed.length; i < lengths.length; i++) {
            lengths[i] = random.nextInt(PoolFixture.MAX_BLOB_BYTES);
        }
        return lengths;
    }

    private static void assertReadsRanges(BlobPool pool, BlobId id, int length, Random random) {
        byte[] content = TestBlobs.content(id, length);
        for (int i = 0; i < 4; i++) {
            int offset = random.nextInt(length + 10);
            ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(length + 10));
            int count = pool.read(id, offset, target);
            int expected = Math.max(0, Math.min(target.capacity(), length - offset));
            assertEquals(expected, count, "seed " + SEED);
            assertEquals(expected, target.position());
            assertArrayEquals(
                    Arrays.copyOfRange(
                            content, Math.min(offset, length), Math.min(offset, length) + expected),
                    Arrays.copyOf(target.array(), count));
        }
    }

    @Test
    void whatCountsAsSmallChangesForWhatIsWrittenThen() {
        try (DeviceSet devices = fixture.openDevices();
                ErasurePool pool = open(devices)) {
            PoolFixture.write(pool, id(1), COPIED_BYTES);
            pool.keep(new Erasure(K, M, K + M), COPIED_BYTES - 1);
            PoolFixture.write(pool, id(2), COPIED_BYTES);
            assertEquals(M + 1, PoolFixture.listedOn(pool, id(1)).size());
            assertEquals(K + M, PoolFixture.listedOn(pool, id(2)).size());
            PoolFixture.assertReads(pool, id(1), COPIED_BYTES);
            PoolFixture.assertReads(pool, id(2), COPIED_BYTES);
            fixture.inject(placesOf(id(3))[0], EIO);
            assertThrows(
                    CompletionException.class, () -> PoolFixture.write(pool, id(3), COPIED_BYTES));
            pool.keep(Erasure.of(K, M), COPIED_BYTES);
            PoolFixture.write(pool, id(3), COPIED_BYTES);
            assertThrows(IllegalArgumentException.class, () -> pool.keep(Erasure.of(K, 1), 4096));
        }
    }

    @Test
    void keepsBlobsOfAllLengthsOverARestart() {
        int[] lengths = lengths();
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            for (int i = 0; i < lengths.length; i++) {
                BlobWritten written = write(pool, id(i), lengths[i]);
                assertEquals(lengths[i] <= COPIED_BYTES ? M + 1 : K + M, written.copies());
                assertReads(pool, id(i), lengths[i]);
            }
        }
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            Random random = new Random(SEED);
            for (int i = 0; i < lengths.length; i++) {
                assertReads(pool, id(i), lengths[i]);
                assertReadsRanges(pool, id(i), lengths[i], random);
                assertArrayEquals(TestBlobs.tag(id(i)), pool.ownerTag(id(i)));
                BlobVerification found = pool.verify(id(i));
                assertEquals(found.copies().size(), found.count(CopyState.GOOD));
            }
            assertEquals(Set.of(), pool.deficits());
        }
        assertEquals(List.of(), fixture.events(DeviceEvent.CopyMissing.class));
    }

    @Test
    void largeBlobsAreInShardsWithoutPaddingAndSmallOnesInCopies() {
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            write(pool, id(1), 100_001);
            assertEquals(asSet(placesOf(id(1))), listedOn(pool, id(1)));
            List<Integer> shards = new ArrayList<>();
            for (int device : placesOf(id(1))) {
                pool.list(device, (blob, length) -> shards.add(length));
            }
            assertEquals(List.of(25_001, 25_001, 25_001, 24_998, 25_001, 25_001), shards);
            write(pool, id(2), 4096);
            assertEquals(asSet(Arrays.copyOf(placesOf(id(2)), M + 1)), listedOn(pool, id(2)));
        }
    }

    private static Set<Integer> asSet(int[] devices) {
        Set<Integer> set = new TreeSet<>();
        Arrays.stream(devices).forEach(set::add);
        return set;
    }

    @Test
    void everythingIsReadWithAnyOfItsDevicesGone() {
        int[] lengths = {3000, 4097, 100_001, 262_144};
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            for (int i = 0; i < lengths.length; i++) {
                write(pool, id(i), lengths[i]);
            }
        }
        Random random = new Random(SEED);
        for (int first = 0; first < PoolFixture.DEVICES; first++) {
            for (int second = 0; second < first; second++) {
                try (DeviceSet devices = fixture.openDevices();
                        BlobPool pool = open(devices)) {
                    devices.remove(first);
                    devices.remove(second);
                    for (int i = 0; i < lengths.length; i++) {
                        assertReads(pool, id(i), lengths[i]);
                        assertReadsRanges(pool, id(i), lengths[i], random);
                        assertArrayEquals(TestBlobs.tag(id(i)), pool.ownerTag(id(i)));
                    }
                }
            }
        }
    }

    @Test
    void writesGoOnWithAsManyShardsAsPromised() {
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            BlobId large = id(0);
            int[] places = placesOf(large);
            fixture.inject(places[5], EIO);
            BlobWritten written = write(pool, large, 50_000);
            assertEquals(K + 1, written.copies());
            assertEquals(List.of(places[5]), written.missingOn());
            assertEquals(Set.of(large), pool.deficits());
            assertReads(pool, large, 50_000);
            fixture.inject(places[0], EIO);
            BlobId later = id(9);
            CompletionException e =
                    assertThrows(CompletionException.class, () -> write(pool, later, 50_000));
            assertInstanceOf(InsufficientCopiesException.class, e.getCause());
            assertEquals(Set.of(), listedOn(pool, later));
            assertEquals(2, write(pool, id(18), 100).copies(), "a copy more than must be");
            assertReads(pool, large, 50_000);
        }
    }

    @Test
    void aSchemeThatAllowsItWritesWithKShards() {
        ErasureConfig config =
                new ErasureConfig(
                        0,
                        new Erasure(K, M, K),
                        COPIED_BYTES,
                        1L << 40,
                        BackfillPace.PAUSED,
                        ScrubPace.NEVER);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = ErasurePool.open(config, devices, RING)) {
            fixture.inject(0, EIO);
            fixture.inject(3, EIO);
            assertEquals(K, write(pool, id(0), 50_000).copies());
            assertReads(pool, id(0), 50_000);
        }
    }

    @Test
    void aDegradedReadFetchesOnlyTheBytesAskedFor() {
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            write(pool, id(0), 262_144);
            assertEquals(5000, readBytes(pool, 70_000, 5000), "of one shard");
            assertEquals(90_000, readBytes(pool, 10_000, 90_000), "of two");
            devices.remove(placesOf(id(0))[1]);
            assertEquals(K * 5000, readBytes(pool, 70_000, 5000), "of k shards");
            assertEquals(5000, readBytes(pool, 5_000, 5000), "of one that is there");
            assertEquals(262_144, readBytes(pool, 0, 262_144), "of k, each once");
        }
    }

    private static long readBytes(BlobPool pool, int offset, int length) {
        long before = readBytes(pool);
        ByteBuffer target = ByteBuffer.allocate(length);
        assertEquals(length, pool.read(id(0), offset, target));
        assertArrayEquals(
                Arrays.copyOfRange(TestBlobs.content(id(0), 262_144), offset, offset + length),
                target.array());
        return readBytes(pool) - before;
    }

    private static long readBytes(BlobPool pool) {
        return pool.stats().stream().mapToLong(each -> each.traffic().readBytes()).sum();
    }

    @Test
    void replacedDevicesAreFilledAgain() throws IOException {
        int[] lengths = {3000, 4097, 100_001, 30_000, 60_000, 1, 250_000};
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            for (int i = 0; i < lengths.length; i++) {
                write(pool, id(i), lengths[i]);
            }
        }
        fixture.wipe(2);
        fixture.wipe(5);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            for (int i = 0; i < lengths.length; i++) {
                BlobVerification after = pool.repair(id(i));
                assertEquals(after.copies().size(), after.count(CopyState.GOOD));
            }
            // Those that were made anew must do as well as those that were there.
            devices.remove(3);
            devices.remove(4);
            for (int i = 0; i < lengths.length; i++) {
                assertReads(pool, id(i), lengths[i]);
                assertArrayEquals(TestBlobs.tag(id(i)), pool.ownerTag(id(i)));
            }
        }
    }

    @Test
    void aShardThatIsDamagedIsNotServedAndRepaired() throws IOException {
        BlobId id = id(0);
        byte[] content = TestBlobs.content(id, 40_000);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            write(pool, id, 40_000);
            write(pool, id(9), 5_000);
        }
        fixture.damage(placesOf(id)[1], Arrays.copyOfRange(content, 10_000, 20_000));
        fixture.damage(placesOf(id)[3], Arrays.copyOfRange(content, 30_000, 40_000));
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            assertEquals(2, pool.verify(id).count(CopyState.DAMAGED));
            CountDownLatch repaired =
                    fixture.expect(
                            event ->
                                    event instanceof DeviceEvent.CopyRepaired done
                                            && done.deviceId() == placesOf(id)[3]);
            assertReads(pool, id, 40_000);
            assertEquals(2, fixture.events(DeviceEvent.CopyDamaged.class).size());
            await(repaired);
            assertEquals(K + M, pool.verify(id).count(CopyState.GOOD));
        }
    }

    @Test
    void scrubFindsADamagedParityShard() throws IOException {
        BlobId id = id(0);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            write(pool, id, 40_000);
            write(pool, id(9), 5_000);
        }
        byte[] content = TestBlobs.content(id, 40_000);
        byte[] parity = new byte[10_000];
        for (int i = 0; i < content.length; i++) {
            parity[i % 10_000] ^= content[i];
        }
        int device = placesOf(id)[K];
        fixture.damage(device, parity);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            CountDownLatch repaired =
                    fixture.expect(event -> event.equals(new DeviceEvent.CopyRepaired(device, id)));
            assertEquals(1, pool.scrub(device).join().damagedBlobs());
            await(repaired);
            assertEquals(new DeviceScrub(device, 2, 11_250, 0), pool.scrub(device).join());
        }
    }

    @Test
    void withTooFewShardsNothingIsServed() throws IOException {
        BlobId id = id(0);
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            write(pool, id, 40_000);
        }
        int[] places = placesOf(id);
        for (int shard = 0; shard <= M; shard++) {
            fixture.wipe(places[shard]);
        }
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            ByteBuffer target = ByteBuffer.allocate(100);
            assertThrows(BlobDamagedException.class, () -> pool.read(id, 0, target));
            assertEquals(0, target.position());
            assertEquals(M + 1, pool.repair(id).count(CopyState.MISSING));
            Set<Integer> failed = new TreeSet<>();
            fixture.events(DeviceEvent.RepairFailed.class)
                    .forEach(event -> failed.add(event.deviceId()));
            assertEquals(asSet(Arrays.copyOf(places, M + 1)), failed);
            // What is in a shard that is left can still be had.
            assertEquals(100, pool.read(id, 30_000, target));
        }
    }

    @Test
    void deletedBlobsAreGoneFromEveryDevice() {
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            write(pool, id(0), 40_000);
            write(pool, id(1), 400);
            assertEquals(K + M, pool.delete(id(0)).join().copies());
            assertEquals(M + 1, pool.delete(id(1)).join().copies());
            assertEquals(0, pool.delete(id(0)).join().copies());
            for (long i = 0; i < 2; i++) {
                BlobId id = id(i);
                assertEquals(Set.of(), listedOn(pool, id));
                assertThrows(BlobMissingException.class, () -> pool.lengthBytes(id));
            }
            write(pool, id(2), 40_000);
            int gone = placesOf(id(2))[3];
            fixture.inject(gone, EIO);
            assertEquals(List.of(gone), pool.delete(id(2)).join().failedOn());
        }
    }

    @Test
    void whatWasWrittenElsewhereComesHomeAndIsFoundMeanwhile() {
        BlobId id = id(0);
        TestPlacement away =
                RING.next(
                        ErasurePoolTest::ring,
                        group -> {
                            int[] places = ring(group);
                            places[1] = (group + K + M) % PoolFixture.DEVICES;
                            return places;
                        });
        try (DeviceSet devices = fixture.openDevices();
                ErasurePool pool = open(devices)) {
            pool.place(away);
            write(pool, id, 50_000);
            assertTrue(listedOn(pool, id).contains(K + M));
            pool.place(RING.next(ErasurePoolTest::ring, ErasurePoolTest::ring));
            CountDownLatch home =
                    fixture.expect(event -> event.equals(new DeviceEvent.CopyRepaired(1, id)));
            assertReads(pool, id, 50_000);
            await(home);
            assertTrue(listedOn(pool, id).contains(1));
            // The shard that is elsewhere counts too: with m more gone there are still k.
            devices.remove(1);
            devices.remove(0);
            devices.remove(5);
            assertReads(pool, id, 50_000);
        }
    }

    @Test
    void placesWithoutADeviceAreLeftOut() {
        TestPlacement holes =
                TestPlacement.of(
                        PoolFixture.DEVICES,
                        group -> {
                            int[] places = ring(group);
                            places[2] = -1;
                            return places;
                        });
        BlobId id = id(0);
        try (DeviceSet devices = fixture.openDevices();
                ErasurePool pool = ErasurePool.open(CONFIG, devices, holes)) {
            assertEquals(K + 1, write(pool, id, 50_000).copies());
            assertReads(pool, id, 50_000);
            pool.place(holes.next(ErasurePoolTest::ring, ErasurePoolTest::ring));
            assertEquals(K + M, pool.repair(id).count(CopyState.GOOD));
            assertEquals(asSet(placesOf(id)), listedOn(pool, id));
        }
    }

    @Test
    void refusesIdsThatNameAShardOrAnotherPool() {
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = open(devices)) {
            assertThrows(IllegalArgumentException.class, () -> write(pool, TestBlobs.id(33), 10));
            BlobId other = BlobId.create(1, 7, new Random(SEED));
            assertThrows(IllegalArgumentException.class, () -> write(pool, other, 10));
        }
    }
}
