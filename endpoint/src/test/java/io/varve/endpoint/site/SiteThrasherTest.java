package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import io.varve.devices.BackfillPace;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.TendedPool;
import io.varve.endpoint.site.FailingDevices.Trouble;
import io.varve.endpoint.store.StoreConfig;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.ChangePlacementMap;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.RemoveDevice;
import io.varve.journal.record.TopologyChange.SetDeviceState;
import io.varve.placement.CrushDevice;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushMapEdit;
import io.varve.placement.CrushText;
import io.varve.placement.Weight;
import io.varve.projections.topology.Device;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Six hosts of two devices; a pool of three copies over hosts and one of 4+2 shards over devices,
 * compressed. While S3 clients put, get, overwrite and delete in both and check every byte, the
 * devices of one host after the other fail, hang, get slow, full or corrupt, are taken out, removed
 * from the site, lose all they had, and come back: never more than the pools bear. No request may
 * fail; after each host everything must be whole again, the counts exact and the audit clean.
 *
 * <p>It goes on for ten minutes, or as much of that as {@code -Dvarve.slow.percent} says.
 */
@SuppressWarnings("NullAway.Init")
final class SiteThrasherTest {
    private static final int HOSTS = 6;
    private static final int HOST_DEVICES = 2;
    private static final int LOAD_THREADS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Far more than a busy machine makes a healthy device wait. */
    private static final Duration HANG_TIMEOUT = Duration.ofSeconds(5);

    @TempDir Path directory;

    private final FailingDevices devices = new FailingDevices();
    private final Map<Integer, PutDevice> removed = new HashMap<>();
    private SiteStack stack;

    private enum Kind {
        FAILS,
        HANGS,
        SLOW,
        FULL,
        OUT,
        EMPTIED,
        /** Taken out of the site, and added again later with what it held then. */
        REMOVED,
        CORRUPTED
    }

    private record Hit(int deviceId, Kind kind) {}

    @Test
    @Tag("slow")
    void failsNoRequestAndIsWholeAfterEachHost() {
        long seed = Long.getLong("varve.seed", System.nanoTime());
        int percent = Integer.getInteger("varve.slow.percent", 100);
        long seconds = Long.getLong("varve.thrash.seconds", 600L) * percent / 100;
        String doing = "beginning";
        Random random = new Random(seed);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int rounds = 0;
        stack = new SiteStack(config(), devices);
        try {
            TestPools.addShards(stack.site(), "cold", 4, 2, "zstd");
            try (SiteThrasherLoad load =
                    new SiteThrasherLoad(stack.store(), "cold", seed, LOAD_THREADS)) {
                do {
                    doing = round(random, load, doing);
                    rounds++;
                } while (System.nanoTime() < end);
                assertTrue(load.requests() > 50, "requests=" + load.requests());
                System.out.printf(
                        "thrashed for %d s: %d rounds, %d requests, seed %d%n",
                        seconds, rounds, load.requests(), seed);
            }
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed=" + seed + " last whole after: " + doing, e);
        } finally {
            devices.recover();
            stack.close();
        }
    }

    private SiteConfig config() {
        List<SiteDevice> list = new ArrayList<>();
        for (int i = 0; i < HOSTS * HOST_DEVICES; i++) {
            String host = "host" + i / HOST_DEVICES;
            list.add(
                    new SiteDevice(
                            i,
                            host,
                            "ssd",
                            1,
                            directory.resolve("devices").resolve("d" + i),
                            Long.MAX_VALUE));
        }
        SiteConfig small = SiteStack.small(directory);
        PoolSettings pool = small.pool().withDevices(list);
        return small.withPool(
                        new PoolSettings(
                                pool.devices(),
                                pool.name(),
                                pool.copies(),
                                pool.minCopies(),
                                pool.failureDomain(),
                                pool.segmentSizeBytes(),
                                pool.lowSpaceBytes(),
                                pool.compaction(),
                                1L << 40,
                                HANG_TIMEOUT,
                                Duration.ofHours(1)))
                .withStore(new StoreConfig(16 << 10, 16 << 20, 8 << 20, 10_000, 2))
                .withRetention(new RetentionSettings(Duration.ZERO, Duration.ofSeconds(2)))
                .withUpkeep(
                        new UpkeepSettings(
                                BackfillPace.UNLIMITED,
                                UpkeepSettings.DEFAULT.scrub(),
                                new UpkeepSettings.Audit(Duration.ofHours(1), Duration.ZERO, 1),
                                UpkeepSettings.DEFAULT.limits()));
    }

    private String round(Random random, SiteThrasherLoad load, String before) {
        int host = random.nextInt(HOSTS);
        List<Hit> hits = new ArrayList<>();
        boolean both = random.nextInt(3) == 0;
        int first = random.nextInt(HOST_DEVICES);
        for (int i = 0; i < (both ? HOST_DEVICES : 1); i++) {
            int deviceId = host * HOST_DEVICES + (first + i) % HOST_DEVICES;
            hits.add(new Hit(deviceId, Kind.values()[random.nextInt(Kind.values().length)]));
        }
        String what = hits + ", after " + before;
        hits.forEach(hit -> begin(hit, random));
        boolean hangs = hits.stream().anyMatch(hit -> hit.kind() == Kind.HANGS);
        pause(random.nextInt(2_000) + (hangs ? (int) HANG_TIMEOUT.toMillis() : 0));
        load.whileStill(() -> requireExact(what));
        load.requireNoFailures();
        devices.recover();
        hits.forEach(this::end);
        heal(hits, load, what);
        return hits.toString();
    }

    private void begin(Hit hit, Random random) {
        switch (hit.kind()) {
            case FAILS, EMPTIED -> devices.trouble(hit.deviceId(), Trouble.FAILS);
            case HANGS -> devices.trouble(hit.deviceId(), Trouble.HANGS);
            case SLOW -> devices.trouble(hit.deviceId(), Trouble.SLOW);
            case FULL -> devices.trouble(hit.deviceId(), Trouble.FULL);
            case OUT -> make(membership(hit.deviceId(), Membership.OUT));
            case REMOVED -> remove(hit.deviceId());
            case CORRUPTED -> corrupt(path(hit.deviceId()), random);
        }
    }

    private void end(Hit hit) {
        switch (hit.kind()) {
            case OUT -> make(membership(hit.deviceId(), Membership.IN));
            case EMPTIED -> replace(hit.deviceId());
            case REMOVED -> addAgain(hit.deviceId());
            case FAILS, HANGS, SLOW, FULL, CORRUPTED ->
                    stack.site().topology().reopen(hit.deviceId());
        }
    }

    private static SetDeviceState membership(int deviceId, Membership membership) {
        return new SetDeviceState(deviceId, null, membership, null, false, "thrashed");
    }

    private void make(TopologyChange change) {
        Object refusal = stack.site().topology().change("test", change);
        assertEquals(null, refusal, change::toString);
    }

    private Path path(int deviceId) {
        return stack.config().pool().devices().get(deviceId).directory();
    }

    /** As an operator does who puts in another drive. */
    private void replace(int deviceId) {
        Device device = stack.site().topology().current().device(deviceId).orElseThrow();
        PutDevice put = device.put();
        make(
                new PutDevice(
                        put.id(),
                        TopologyChange.NO_UUID,
                        put.host(),
                        put.rack(),
                        put.site(),
                        put.deviceClass(),
                        put.weight(),
                        path(deviceId)
                                .resolveSibling("d" + deviceId + "-" + device.position())
                                .toString(),
                        put.capacityBytes(),
                        device.position()));
    }

    private Topology topology() {
        return stack.site().topology().current();
    }

    private void remove(int deviceId) {
        removed.put(deviceId, topology().device(deviceId).orElseThrow().put());
        make(membership(deviceId, Membership.OUT));
        place(new CrushMapEdit(map()).remove(map().device(deviceId).orElseThrow().name()).apply());
        make(new RemoveDevice(deviceId));
        settle();
    }

    /** As it is in its label, so that it comes back with its contents. */
    private void addAgain(int deviceId) {
        PutDevice was = requireNonNull(removed.remove(deviceId));
        make(
                new PutDevice(
                        was.id(),
                        was.uuid(),
                        was.host(),
                        was.rack(),
                        was.site(),
                        was.deviceClass(),
                        was.weight(),
                        was.directory(),
                        was.capacityBytes(),
                        0));
        settle();
        place(
                new CrushMapEdit(map())
                        .addDevice(
                                new CrushDevice(deviceId, "device." + deviceId, "ssd"),
                                Weight.ONE,
                                was.host())
                        .apply());
        settle();
    }

    private CrushMap map() {
        return CrushText.parse(topology().map());
    }

    private void place(CrushMap map) {
        make(new ChangePlacementMap(topology().mapEpoch(), CrushText.write(map)));
    }

    private void settle() {
        assertTrue(stack.site().topology().settle(PATIENCE));
    }

    private List<TendedPool> pools() {
        return stack.site().pools().all();
    }

    /** Scrubs what was hit, since only that finds rot, and waits until the site has healed. */
    private void heal(List<Hit> hits, SiteThrasherLoad load, String what) {
        awaitUp(what);
        for (Hit hit : hits) {
            for (TendedPool pool : pools()) {
                pool.scrub(hit.deviceId()).join();
            }
        }
        load.whileStill(
                () -> {
                    awaitWhole(what);
                    requireExact(what);
                    requireAuditClean(what);
                    load.checkAll();
                });
        load.requireNoFailures();
    }

    private void awaitUp(String what) {
        Eventually.holds(
                "all up: " + what,
                PATIENCE,
                () -> {
                    // One that is replaced is not in the set for a moment.
                    boolean all = stack.site().devices().size() == HOSTS * HOST_DEVICES;
                    for (DeviceStats device : stack.site().devices()) {
                        if (device.state() != DeviceState.UP) {
                            stack.site().topology().reopen(device.deviceId());
                            all = false;
                        }
                    }
                    return all;
                });
    }

    /** One that was full takes writes again only when it has looked at its space the next time. */
    private void awaitWhole(String what) {
        try {
            Eventually.holds("whole", PATIENCE, this::isWhole);
        } catch (AssertionError e) {
            throw new AssertionError(
                    "%s: deficits=%d %s %s"
                            .formatted(
                                    what,
                                    stack.site().health().deficitCount(),
                                    stack.site().poolHealth(),
                                    stack.site().devices()),
                    e);
        }
    }

    private boolean isWhole() {
        return stack.site().health().deficitCount() == 0
                && pools().stream().allMatch(pool -> pool.health().whole())
                && stack.site().devices().stream()
                        .allMatch(device -> device.writableBytes() > 1 << 20);
    }

    private void requireExact(String what) {
        for (TendedPool pool : pools()) {
            requireExact(pool, what);
        }
    }

    private void requireExact(TendedPool pool, String what) {
        Pool recorded = stack.site().topology().current().pool(pool.poolId()).orElseThrow();
        for (int tries = 0; tries < 500; tries++) {
            CountedHealth before = CountedHealth.told(pool.health());
            CountedHealth counted =
                    CountedHealth.of(
                            stack.site().deviceSet(),
                            recorded,
                            stack.site().placement().of(pool.poolId()));
            if (before.equals(CountedHealth.told(pool.health()))) {
                assertEquals(counted, before, what);
                return;
            }
            // A repair, a drop, or the end of a device came between.
            pause(20);
        }
        throw new AssertionError("it is never quiet: " + what);
    }

    /** Leftovers there may be, of requests that a device failed under: a second audit has none. */
    private void requireAuditClean(String what) {
        audit();
        audit();
        for (TendedPool pool : pools()) {
            AuditFindings found = stack.site().audit().findings().get(pool.poolId());
            assertNotNull(found, what);
            assertTrue(found.report().clean(), () -> what + " " + found);
        }
    }

    private void audit() {
        stack.site().startAudit();
        Eventually.holds("the audit ends", PATIENCE, () -> !stack.site().audit().running());
    }

    /** Flips bits anywhere behind the headers of segments. */
    private static void corrupt(Path device, Random random) {
        try (Stream<Path> files = Files.list(device)) {
            List<Path> segments =
                    files.filter(file -> file.getFileName().toString().startsWith("segment-"))
                            .sorted()
                            .toList();
            for (int i = 0; i < 20 && !segments.isEmpty(); i++) {
                flip(segments.get(random.nextInt(segments.size())), random);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void flip(Path segment, Random random) throws IOException {
        try (FileChannel file =
                FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (file.size() <= 8192) {
                return;
            }
            long at = 4096 + (long) (random.nextDouble() * (file.size() - 4096));
            ByteBuffer one = ByteBuffer.allocate(1);
            if (file.read(one, at) == 1) {
                one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8))).flip();
                file.write(one, at);
                file.force(false);
            }
        }
    }

    private static void pause(int ms) {
        long until = System.nanoTime() + ms * 1_000_000L;
        while (System.nanoTime() - until < 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
