package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.file.FaultyDeviceFiles.Faults;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;

/** A pool to which anything may happen, one thing after the other. */
final class PoolHealthTest {
    private static final int STEPS = 250;
    private static final int GROUPS = 16;
    private static final Faults FAILING_WRITES =
            new Faults() {
                @Override
                public int onWrite(String name, long offset, int length) throws IOException {
                    throw new IOException("Input/output error");
                }
            };

    @TempDir Path directory;

    private final List<BlobId> written = new ArrayList<>();
    private final TreeSet<Integer> away = new TreeSet<>();
    private final TreeSet<Integer> failed = new TreeSet<>();
    private int[][] homes = new int[GROUPS][];
    private TestPlacement placement = TestPlacement.of(GROUPS, group -> new int[0]);
    private long nextBlob;

    @Test
    void isWhatCountingEveryCopySaysAtEveryStep() {
        long seed = Long.getLong("varve.seed", 4711L);
        Random random = new Random(seed);
        PoolFixture fixture = new PoolFixture(directory);
        shuffleHomes(random, GROUPS);
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, placement)) {
            for (int step = 0; step < STEPS; step++) {
                String what = step(random, fixture, devices, pool);
                assertEquals(
                        BruteForceHealth.of(devices, placement, 3, 0),
                        pool.health(),
                        "seed=" + seed + " step=" + step + " after " + what);
            }
            List.copyOf(failed).forEach(id -> bringBack(id, fixture, devices));
            List.copyOf(away).forEach(id -> devices.add(fixture.config(id), false));
            homes = homes.clone();
            shuffleHomes(random, GROUPS);
            for (int group = 0; group < GROUPS; group++) {
                homes[group] = home(random, 3);
            }
            place(pool);
            // What was deleted while a device was away is not brought home, nor in the way of it.
            pool.audit(written::forEach, Duration.ZERO);
            assertEquals(0, pool.settle(), "seed=" + seed);
            assertEquals(BruteForceHealth.of(devices, placement, 3, 0), pool.health());
            assertTrue(pool.health().whole(), () -> "seed=" + seed + " " + pool.health());
            assertEquals(0, pool.backfill().groupsRemaining());
        }
    }

    private String step(
            Random random, PoolFixture fixture, DeviceSet devices, ReplicatedPool pool) {
        switch (random.nextInt(20)) {
            case 0 -> {
                shuffleHomes(random, 1 + random.nextInt(4));
                place(pool);
                return "another map";
            }
            case 1, 2 -> {
                return failOrBringBack(random.nextInt(PoolFixture.DEVICES), fixture, devices, pool);
            }
            case 3 -> {
                return takeOrAdd(random.nextInt(PoolFixture.DEVICES), fixture, devices);
            }
            case 4, 5 -> {
                return "backfill: " + pool.settle() + " failed";
            }
            case 6, 7, 8, 9 -> {
                if (!written.isEmpty()) {
                    pool.delete(written.remove(random.nextInt(written.size()))).join();
                }
                return "a delete";
            }
            default -> {
                return write(pool, random);
            }
        }
    }

    private String write(ReplicatedPool pool, Random random) {
        BlobId id = TestBlobs.id(nextBlob++);
        try {
            PoolFixture.write(pool, id, random.nextInt(3_000));
            written.add(id);
            return "a write";
        } catch (CompletionException e) {
            return "a refused write";
        }
    }

    private String failOrBringBack(
            int id, PoolFixture fixture, DeviceSet devices, ReplicatedPool pool) {
        if (away.contains(id)) {
            return "nothing";
        }
        if (failed.contains(id)) {
            bringBack(id, fixture, devices);
            return "device " + id + " is back";
        }
        if (failed.size() == 2) {
            return "nothing";
        }
        fixture.inject(id, FAILING_WRITES);
        for (long i = 0; devices.stats().stream().anyMatch(stats -> isUp(stats, id)); i++) {
            assertTrue(i < 1_000, "it does not fail");
            write(pool, new Random(i));
        }
        failed.add(id);
        return "device " + id + " failed";
    }

    private static boolean isUp(DeviceStats stats, int id) {
        return stats.deviceId() == id && stats.state() == DeviceState.UP;
    }

    private void bringBack(int id, PoolFixture fixture, DeviceSet devices) {
        fixture.inject(id, Faults.NONE);
        devices.reopen(id, false);
        // It deletes first what was deleted while it had failed.
        devices.log(id).delete(TestBlobs.id(Long.MAX_VALUE)).join();
        failed.remove(id);
    }

    private String takeOrAdd(int id, PoolFixture fixture, DeviceSet devices) {
        if (failed.contains(id)) {
            return "nothing";
        }
        if (away.remove(id)) {
            devices.add(fixture.config(id), false);
            return "device " + id + " added";
        }
        if (!away.isEmpty()) {
            return "nothing";
        }
        assertTrue(devices.remove(id));
        away.add(id);
        return "device " + id + " removed";
    }

    /** As many groups get another home, now and then a short one. */
    private void shuffleHomes(Random random, int groups) {
        homes = homes.clone();
        for (int i = 0; i < groups; i++) {
            int group = groups == GROUPS ? i : random.nextInt(GROUPS);
            homes[group] = home(random, random.nextInt(10) == 0 ? 2 : 3);
        }
        int[][] now = homes;
        placement = placement.next(group -> now[group], group -> now[group]);
    }

    private static int[] home(Random random, int size) {
        int[] home = new int[size];
        for (int host = 0; host < size; host++) {
            home[host] = host * 3 + random.nextInt(3);
        }
        return home;
    }

    private void place(ReplicatedPool pool) {
        int[][] now = homes;
        placement = placement.next(group -> now[group], group -> now[group]);
        pool.place(placement);
    }
}
