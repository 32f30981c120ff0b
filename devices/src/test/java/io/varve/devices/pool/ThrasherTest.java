package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.AuditReport;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceEvent;
import io.varve.devices.PoolHealth;
import io.varve.devices.PoolPlacement;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Three hosts of three devices, a copy on each host, two of which must be durable. While blobs are
 * written, read to the byte and deleted, devices of one host after the other, up to the whole host,
 * fail, hang, get slow, full or corrupt, are removed, emptied and come back. No request may fail;
 * after each host everything must be whole again, the counts exact and the audit clean.
 */
final class ThrasherTest {
    private static final int GROUPS = 27;
    private static final int HOST_DEVICES = 3;
    private static final int LOAD_THREADS = 3;

    /** Far more than a busy machine makes a healthy device wait. */
    private static final Duration HANG_TIMEOUT = Duration.ofSeconds(5);

    @TempDir Path directory;

    private final TreeSet<Integer> down = new TreeSet<>();
    private final AtomicReference<ReplicatedPool> placed = new AtomicReference<>();
    private volatile PoolPlacement placement = place(1);

    @Test
    void failsNoRequestAndIsWholeAfterEachHost() {
        thrash(Long.getLong("varve.seed", 20_26L), Duration.ZERO, 4);
    }

    @Test
    @Tag("slow")
    void failsNoRequestAndIsWholeAfterEachHostForALongTime() {
        long seed = Long.getLong("varve.seed", System.nanoTime());
        int percent = Integer.getInteger("varve.slow.percent", 100);
        long seconds = Long.getLong("varve.thrash.seconds", 120L) * percent / 100;
        thrash(seed, Duration.ofSeconds(seconds), 1 + 12 * percent / 100);
    }

    private void thrash(long seed, Duration atLeast, int rounds) {
        PoolFixture fixture =
                new PoolFixture(directory).hangTimeout(HANG_TIMEOUT).alsoTell(this::on);
        Random random = new Random(seed);
        long began = System.nanoTime();
        String doing = "beginning";
        try (DeviceSet devices = fixture.openDevices();
                ReplicatedPool pool = fixture.open(devices, placement)) {
            placed.set(pool);
            ThrasherFaults faults = new ThrasherFaults(fixture, devices, random);
            try (ThrasherLoad load = new ThrasherLoad(pool, seed, LOAD_THREADS)) {
                for (int round = 0;
                        round < rounds || System.nanoTime() - began < atLeast.toNanos();
                        round++) {
                    doing = round(random, faults, devices, pool, load);
                }
                assertTrue(load.requests() > 100, "requests=" + load.requests());
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed=" + seed + " last whole after: " + doing, e);
        }
    }

    private String round(
            Random random,
            ThrasherFaults faults,
            DeviceSet devices,
            ReplicatedPool pool,
            ThrasherLoad load) {
        int host = random.nextInt(3);
        List<Integer> hit = new ArrayList<>();
        List<ThrasherFaults.Kind> kinds = new ArrayList<>();
        boolean whole = random.nextInt(4) == 0;
        for (int i = 0; i < HOST_DEVICES; i++) {
            if (whole || hit.isEmpty() || random.nextBoolean()) {
                hit.add(host * HOST_DEVICES + i);
                kinds.add(
                        ThrasherFaults.Kind.values()[
                                random.nextInt(ThrasherFaults.Kind.values().length)]);
            }
        }
        String what = hit + " " + kinds;
        for (int i = 0; i < hit.size(); i++) {
            faults.begin(kinds.get(i), hit.get(i));
            if (kinds.get(i) == ThrasherFaults.Kind.REMOVED
                    || kinds.get(i) == ThrasherFaults.Kind.EMPTIED) {
                set(hit.get(i), true);
            }
        }
        boolean hangs = kinds.contains(ThrasherFaults.Kind.HANGS) && random.nextBoolean();
        pause(random.nextInt(1_500) + (hangs ? (int) HANG_TIMEOUT.toMillis() : 0));
        load.whileStill(() -> assertExact(devices, pool, what));
        pool.settle();
        for (int i = 0; i < hit.size(); i++) {
            faults.end(kinds.get(i), hit.get(i));
        }
        heal(hit, faults, devices, pool, load, what);
        return what;
    }

    /** Scrubs what was hit, since only that finds rot, and backfills, all of it under load. */
    private void heal(
            List<Integer> hit,
            ThrasherFaults faults,
            DeviceSet devices,
            ReplicatedPool pool,
            ThrasherLoad load,
            String what) {
        faults.reopenFailed();
        hit.forEach(deviceId -> pool.scrub(deviceId).join());
        pool.settle();
        load.whileStill(
                () -> {
                    for (int tries = 0; !isWhole(pool) || isFull(devices); tries++) {
                        assertTrue(tries < 500, () -> what + " " + pool.health());
                        faults.reopenFailed();
                        if (!pool.unvettedDevices().isEmpty()) {
                            pool.audit(load::forEach, Duration.ZERO);
                            devices.trust(List.of(pool));
                        }
                        pool.settle();
                        pause(10);
                    }
                    assertExact(devices, pool, what);
                    assertNothingDamaged(pool, load, what);
                    assertAuditClean(pool, load, what);
                    load.forEach(load::check);
                    load.assertNoFailures();
                });
    }

    private static boolean isWhole(ReplicatedPool pool) {
        return pool.health().whole() && pool.repairsQueued() == 0;
    }

    /** One that was full takes writes again only when it has looked at its space the next time. */
    private static boolean isFull(DeviceSet devices) {
        return devices.stats().stream().anyMatch(stats -> stats.writableBytes() < 1 << 20);
    }

    private void assertExact(DeviceSet devices, ReplicatedPool pool, String what) {
        for (int tries = 0; tries < 500; tries++) {
            PoolHealth before = pool.health();
            PoolHealth counted = BruteForceHealth.of(devices, placement, 3, 0);
            if (before.equals(pool.health())) {
                assertEquals(counted, before, what);
                return;
            }
            // A repair or the end of a device came between.
            pause(10);
        }
        throw new AssertionError("it is never quiet: " + what);
    }

    private static void assertNothingDamaged(ReplicatedPool pool, ThrasherLoad load, String what) {
        load.forEach(
                id ->
                        assertEquals(
                                3,
                                pool.verify(id).count(CopyState.GOOD),
                                () -> what + " " + pool.verify(id)));
    }

    /** Leftovers there may be: of deletes and writes that a device failed under. */
    private static void assertAuditClean(ReplicatedPool pool, ThrasherLoad load, String what) {
        AuditReport first = pool.audit(load::forEach, Duration.ZERO);
        AuditReport then = pool.audit(load::forEach, Duration.ZERO);
        assertEquals(first.leftovers(), first.droppedLeftovers(), what);
        assertTrue(then.clean(), () -> what + " " + first + " then " + then);
    }

    private static void pause(int ms) {
        long until = System.nanoTime() + ms * 1_000_000L;
        while (System.nanoTime() - until < 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** What a site does with the events of devices: those that are down get no new copies. */
    private void on(DeviceEvent event) {
        switch (event) {
            case DeviceEvent.Failed failed -> set(failed.deviceId(), true);
            case DeviceEvent.Unavailable unavailable -> set(unavailable.deviceId(), true);
            case DeviceEvent.Opened opened -> set(opened.deviceId(), false);
            default -> {}
        }
    }

    private synchronized void set(int deviceId, boolean isDown) {
        if (isDown ? down.add(deviceId) : down.remove(deviceId)) {
            placement = place(placement.epoch() + 1);
            ReplicatedPool pool = placed.get();
            if (pool != null) {
                pool.place(placement);
            }
        }
    }

    private PoolPlacement place(long epoch) {
        int[][] targets = new int[GROUPS][];
        for (int group = 0; group < GROUPS; group++) {
            targets[group] = target(group);
        }
        return new TestPlacement(epoch, GROUPS, ThrasherTest::home, group -> targets[group]);
    }

    private static int[] home(int group) {
        return new int[] {group % 3, 3 + group / 3 % 3, 6 + group / 9 % 3};
    }

    private int[] target(int group) {
        return Arrays.stream(home(group)).map(this::standIn).toArray();
    }

    /** Another device of the host for one that is down, if any is up. */
    private int standIn(int deviceId) {
        int host = deviceId / HOST_DEVICES;
        for (int i = 0; i < HOST_DEVICES; i++) {
            int candidate = host * HOST_DEVICES + (deviceId + i) % HOST_DEVICES;
            if (!down.contains(candidate)) {
                return candidate;
            }
        }
        return -1;
    }
}
