package io.varve.perf;

import io.varve.devices.BackfillProgress;
import io.varve.devices.PoolHealth;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.site.PoolSettings;
import io.varve.endpoint.site.SiteConfig;
import io.varve.endpoint.site.SiteDevice;
import io.varve.endpoint.store.Caller;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.TopologyChange;
import io.varve.placement.CrushDevice;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushMapEdit;
import io.varve.placement.CrushText;
import io.varve.placement.ItemType;
import io.varve.placement.Weight;
import io.varve.projections.namespace.Outcome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * A site of twelve devices, each a host, gets four more and gives them up again, under reads: how
 * many bytes move, beside the share that must, and how long reads take meanwhile. Backfill runs
 * with its default throttle.
 */
@Command(
        name = "rebalance",
        mixinStandardHelpOptions = true,
        description = "Bytes moved and latency of reads while devices come and go.")
final class RebalanceCommand implements Callable<Integer> {
    private static final int DEVICES = 12;
    private static final int ADDED = 4;
    private static final int WARM_UP_SECONDS = 10;
    private static final double BYTES_MARGIN = 1.05;
    private static final double LATENCY_FACTOR = 2;
    private static final String ROOT = "default";
    private static final long LOOK_NANOS = 20_000_000;
    private static final Duration SETTLE = Duration.ofSeconds(60);

    @Option(names = "--dir", required = true, description = "an empty directory")
    private Path directory;

    @Option(names = "--objects", defaultValue = "4000", description = "how many there are")
    private int objects;

    @Option(names = "--size", defaultValue = "65536", description = "bytes of an object")
    private int sizeBytes;

    @Option(names = "--threads", defaultValue = "2", description = "how many read")
    private int threads;

    @Option(names = "--rate", defaultValue = "100", description = "reads per second of each")
    private int rate;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "of reads before anything moves")
    private int seconds;

    @Override
    public Integer call() throws IOException {
        try (EmbeddedSite site = EmbeddedSite.open(config())) {
            StoreReads reads = new StoreReads(site.store(), bucket(site), rate);
            reads.put(objects, sizeBytes);
            long stored = health(site).bytes();
            System.out.printf(Locale.ROOT, "%,d objects, %,d bytes on devices%n", objects, stored);
            StoreReads.Latency _ = reads.during(threads, () -> pause(WARM_UP_SECONDS));
            StoreReads.Latency quiet = reads.during(threads, () -> pause(seconds));
            System.out.printf(Locale.ROOT, "nothing moves:   %s%n", quiet);
            boolean good = true;
            double grown = (double) ADDED / (DEVICES + ADDED);
            good &= move(site, reads, "12 -> 16 devices", quiet, () -> add(site), stored * grown);
            good &= move(site, reads, "16 -> 12 devices", quiet, () -> drain(site), -1);
            System.out.println(good ? "as promised" : "NOT as promised");
            return good ? 0 : 1;
        }
    }

    /**
     * @param bound what must move; negative for what the added devices hold
     */
    private boolean move(
            EmbeddedSite site,
            StoreReads reads,
            String what,
            StoreReads.Latency quiet,
            Runnable change,
            double bound) {
        long before = copied(site);
        double must = bound < 0 ? held(site) : bound;
        long began = System.nanoTime();
        StoreReads.Latency latency =
                reads.during(
                        threads,
                        () -> {
                            change.run();
                            awaitWhole(site);
                        });
        double took = (System.nanoTime() - began) / 1e9;
        long moved = copied(site) - before;
        System.out.printf(
                Locale.ROOT,
                "%s: %s; moved %,d bytes in %.0f s, %.3f of the %,.0f that must%n",
                what,
                latency,
                moved,
                took,
                moved / must,
                must);
        return moved <= BYTES_MARGIN * must
                && latency.p99Micros() <= LATENCY_FACTOR * quiet.p99Micros();
    }

    private SiteConfig config() {
        List<SiteDevice> devices = new ArrayList<>();
        for (int id = 0; id < DEVICES; id++) {
            devices.add(
                    new SiteDevice(id, "host" + id, "ssd", 1, deviceDirectory(id), Long.MAX_VALUE));
        }
        SiteConfig config = SiteConfig.of(directory);
        PoolSettings pool = config.pool().withDevices(devices).withLowSpaceBytes(0);
        return config.withPool(pool).withLowSpaceBytes(0);
    }

    private Path deviceDirectory(int id) {
        return directory.resolve("devices").resolve("d" + id);
    }

    private static long bucket(EmbeddedSite site) {
        ThreadLocalRandom dice = ThreadLocalRandom.current();
        Caller caller =
                new Caller("bench", "bench", new RequestId(dice.nextLong(), dice.nextLong()));
        Outcome made = site.store().change(caller, new BucketChange.CreateBucket("bench", "bench"));
        if (made instanceof Outcome.BucketCreated(long id)) {
            return id;
        }
        throw new IllegalStateException("the directory is not empty: " + made);
    }

    /** All four by one map, as an operator imports it. */
    private void add(EmbeddedSite site) {
        for (int id = DEVICES; id < DEVICES + ADDED; id++) {
            make(
                    site,
                    new TopologyChange.PutDevice(
                            id,
                            TopologyChange.NO_UUID,
                            "host" + id,
                            "",
                            "",
                            "ssd",
                            Weight.ONE.fixed(),
                            deviceDirectory(id).toAbsolutePath().toString(),
                            0,
                            0));
        }
        site.topology().settle(SETTLE);
        changeMap(
                site,
                edit -> {
                    CrushMap map = site.placementMap();
                    int type = hostType(map);
                    for (int id = DEVICES; id < DEVICES + ADDED; id++) {
                        edit.addDomain("host" + id, type, ROOT)
                                .addDevice(
                                        new CrushDevice(id, "osd." + id, "ssd"),
                                        Weight.ONE,
                                        "host" + id);
                    }
                    return edit;
                });
    }

    private static int hostType(CrushMap map) {
        return map.types().stream()
                .filter(type -> type.name().equals("host"))
                .mapToInt(ItemType::id)
                .findFirst()
                .orElseThrow();
    }

    private static void drain(EmbeddedSite site) {
        changeMap(
                site,
                edit -> {
                    for (int id = DEVICES; id < DEVICES + ADDED; id++) {
                        edit.setWeight("osd." + id, Weight.ZERO);
                    }
                    return edit;
                });
    }

    private static void changeMap(EmbeddedSite site, UnaryOperator<CrushMapEdit> changes) {
        CrushMap after = changes.apply(new CrushMapEdit(site.placementMap())).apply();
        make(
                site,
                new TopologyChange.ChangePlacementMap(
                        site.topology().current().mapEpoch(), CrushText.write(after)));
        site.topology().settle(SETTLE);
    }

    private static void make(EmbeddedSite site, TopologyChange change) {
        Object refusal = site.topology().change("bench", change);
        if (refusal != null) {
            throw new IllegalStateException(refusal + ": " + change);
        }
    }

    private static long copied(EmbeddedSite site) {
        return site.backfill().values().stream().mapToLong(BackfillProgress::copiedBytes).sum();
    }

    /** What the devices hold that are to go, by their share of all blobs. */
    private static double held(EmbeddedSite site) {
        long all = 0;
        long added = 0;
        for (var device : site.devices()) {
            all += device.blobCount();
            added += device.deviceId() >= DEVICES ? device.blobCount() : 0;
        }
        return (double) health(site).bytes() * added / all;
    }

    private static PoolHealth health(EmbeddedSite site) {
        return Objects.requireNonNull(site.poolHealth().get(0), "the first pool is always there");
    }

    private static void awaitWhole(EmbeddedSite site) {
        while (!health(site).whole()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static void pause(int seconds) {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
