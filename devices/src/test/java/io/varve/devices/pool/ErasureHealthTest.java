package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.AuditReport;
import io.varve.devices.BackfillPace;
import io.varve.devices.BlobId;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.ErasureConfig;
import io.varve.devices.PoolHealth;
import io.varve.devices.Redundancy.Erasure;
import io.varve.devices.ScrubPace;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;

/** A pool of shards whose devices go, come back empty or not, and whose map changes. */
final class ErasureHealthTest {
    private static final int K = 3;
    private static final int M = 2;
    private static final int GROUPS = 5;
    private static final int STEPS = 120;
    private static final int COPIED_BYTES = 1000;
    private static final ErasureConfig CONFIG =
            new ErasureConfig(
                    0,
                    new Erasure(K, M, K),
                    COPIED_BYTES,
                    1L << 40,
                    BackfillPace.PAUSED,
                    ScrubPace.NEVER);

    @TempDir Path directory;

    private final Map<BlobId, Integer> written = new HashMap<>();
    private final TreeSet<Integer> away = new TreeSet<>();
    private int[][] homes = new int[GROUPS][];
    private TestPlacement placement = TestPlacement.of(GROUPS, group -> new int[0]);
    private long nextBlob;

    /** Whether a blob may lack a shard that a device which is not away should have. */
    private boolean owing;

    @Test
    void isWhatCountingEveryShardSaysAndIsWholeAgainAfterBackfill() throws IOException {
        long seed = Long.getLong("varve.seed", 20261122L);
        Random random = new Random(seed);
        PoolFixture fixture = new PoolFixture(directory);
        shuffleHomes(random);
        try (DeviceSet devices = fixture.openDevices();
                ErasurePool pool = ErasurePool.open(CONFIG, devices, placement)) {
            for (int step = 0; step < STEPS; step++) {
                String what = step(random, fixture, devices, pool);
                assertEquals(
                        bruteForce(devices),
                        pool.health(),
                        "seed=" + seed + " step=" + step + " after " + what);
            }
            List.copyOf(away).forEach(id -> devices.add(fixture.config(id), false));
            away.clear();
            shuffleHomes(random);
            pool.place(placement);
            assertEquals(0, pool.settle(), "seed=" + seed);
            assertEquals(bruteForce(devices), pool.health());
            assertTrue(pool.health().whole(), () -> "seed=" + seed + " " + pool.health());
            assertEquals(written.size(), pool.health().blobs());
            assertEquals(0, pool.backfill().groupsRemaining());
            assertEquals(0, pool.backfill().bytesRemaining());
            written.forEach((id, length) -> PoolFixture.assertReads(pool, id, length));
            assertAuditFindsNothing(pool);
        }
    }

    private void assertAuditFindsNothing(ErasurePool pool) {
        AuditReport report =
                pool.audit(visitor -> written.keySet().forEach(visitor), Duration.ZERO);
        assertEquals(written.size(), report.heldBlobs());
        assertEquals(0, report.leftovers());
        assertEquals(0, report.repairsOwed());
        assertEquals(0, report.lost());
    }

    @Test
    void anAuditDropsLeftoversAndNamesWhatIsLost() {
        PoolFixture fixture = new PoolFixture(directory);
        shuffleHomes(new Random(1));
        try (DeviceSet devices = fixture.openDevices();
                ErasurePool pool = ErasurePool.open(CONFIG, devices, placement)) {
            BlobId kept = TestBlobs.id(32);
            BlobId left = TestBlobs.id(64);
            BlobId gone = TestBlobs.id(96);
            PoolFixture.write(pool, kept, 10_000);
            PoolFixture.write(pool, left, 10_000);
            AuditReport first =
                    pool.audit(
                            visitor -> {
                                visitor.accept(kept);
                                visitor.accept(gone);
                            },
                            Duration.ZERO);
            assertEquals(2, first.heldBlobs());
            assertEquals(1, first.droppedLeftovers());
            assertEquals(List.of(gone), first.lostBlobs());
            assertEquals(Set.of(), PoolFixture.listedOn(pool, left));
            PoolFixture.assertReads(pool, kept, 10_000);
        }
    }

    private String step(Random random, PoolFixture fixture, DeviceSet devices, ErasurePool pool)
            throws IOException {
        switch (random.nextInt(10)) {
            case 0 -> {
                if (away.size() < M && !owing) {
                    int id = random.nextInt(PoolFixture.DEVICES);
                    if (away.add(id)) {
                        devices.remove(id);
                    }
                    return "removing " + id;
                }
                return "nothing";
            }
            case 1, 2 -> {
                return bringBack(random, fixture, devices);
            }
            case 3 -> {
                shuffleHomes(random);
                pool.place(placement);
                owing = true;
                return "another map";
            }
            case 4 -> {
                long failed = pool.settle();
                owing = owing && !away.isEmpty();
                return "settling, failed " + failed;
            }
            case 5 -> {
                List<BlobId> ids = new ArrayList<>(written.keySet());
                if (!ids.isEmpty() && away.isEmpty()) {
                    Collections.sort(ids);
                    BlobId id = ids.get(random.nextInt(ids.size()));
                    pool.delete(id).join();
                    written.remove(id);
                }
                return "a delete";
            }
            default -> {
                return write(random, pool);
            }
        }
    }

    private String bringBack(Random random, PoolFixture fixture, DeviceSet devices)
            throws IOException {
        if (away.isEmpty()) {
            return "nothing";
        }
        int id = away.getFirst();
        boolean wiped = random.nextBoolean();
        if (wiped) {
            fixture.wipe(id);
        }
        devices.add(fixture.config(id), true);
        away.remove(id);
        owing |= wiped;
        return (wiped ? "an empty device " : "the same device ") + id + " back";
    }

    private String write(Random random, ErasurePool pool) {
        BlobId id = TestBlobs.id(nextBlob++ << 5);
        int length = random.nextInt(3) == 0 ? random.nextInt(COPIED_BYTES) : random.nextInt(9_000);
        try {
            PoolFixture.write(pool, id, length);
            written.put(id, length);
            owing |= !away.isEmpty();
            return "a write of " + length;
        } catch (CompletionException e) {
            return "a refused write of " + length;
        }
    }

    private void shuffleHomes(Random random) {
        homes = new int[GROUPS][];
        for (int group = 0; group < GROUPS; group++) {
            List<Integer> ids = new ArrayList<>();
            for (int id = 0; id < PoolFixture.DEVICES; id++) {
                ids.add(id);
            }
            Collections.shuffle(ids, random);
            homes[group] = ids.stream().limit(K + M).mapToInt(id -> id).toArray();
        }
        int[][] now = homes;
        placement = placement.next(group -> now[group], group -> now[group]);
    }

    /** What the indexes name, one by one. */
    private PoolHealth bruteForce(DeviceSet devices) {
        Map<BlobId, Set<Integer>> holders = new HashMap<>();
        Set<Integer> up = new HashSet<>();
        long[] sums = new long[2];
        for (DeviceStats device : devices.stats()) {
            assertEquals(DeviceState.UP, device.state());
            up.add(device.deviceId());
            devices.list(
                    device.deviceId(),
                    (key, lengthBytes) -> {
                        holders.computeIfAbsent(key, id -> new HashSet<>()).add(device.deviceId());
                        sums[0]++;
                        sums[1] += lengthBytes;
                    });
        }
        Map<BlobId, Set<Integer>> shardsOf = new HashMap<>();
        holders.keySet().stream()
                .forEach(
                        key ->
                                shardsOf.computeIfAbsent(key.blob(), id -> new HashSet<>())
                                        .add(key.shardNumber()));
        long degraded = 0;
        long misplaced = sums[0];
        long unreachable = 0;
        for (Map.Entry<BlobId, Set<Integer>> blob : shardsOf.entrySet()) {
            BlobId id = blob.getKey();
            int[] home = homes[TestPlacement.groupOf(id.low(), GROUPS)];
            boolean whole = blob.getValue().contains(-1);
            unreachable += whole || blob.getValue().size() >= K ? 0 : 1;
            for (int place = 0; place < (whole ? M + 1 : K + M); place++) {
                BlobId key = whole ? id : id.shard(place);
                boolean there = holders.getOrDefault(key, Set.of()).contains(home[place]);
                degraded += there ? 0 : 1;
                misplaced -= there ? 1 : 0;
            }
        }
        return new PoolHealth(
                placement.epoch(),
                GROUPS,
                0,
                shardsOf.size(),
                sums[0],
                sums[1],
                degraded,
                misplaced,
                unreachable,
                0);
    }
}
