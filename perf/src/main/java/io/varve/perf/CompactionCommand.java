package io.varve.perf;

import io.varve.devices.BlobId;
import io.varve.devices.BlobPayload;
import io.varve.devices.BlobPool;
import io.varve.devices.BlobWritten;
import io.varve.devices.CompactionPace;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceSetConfig;
import io.varve.devices.DeviceStats;
import io.varve.devices.PoolConfig;
import io.varve.devices.PoolFullException;
import io.varve.devices.PoolPlacement;
import io.varve.devices.SpaceLimits;
import io.varve.devices.WriteLimits;
import io.varve.devices.pool.DeviceSet;
import io.varve.devices.pool.ReplicatedPool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What compaction costs while blobs chosen evenly at random are replaced, at several degrees of
 * filling, beside what a log-structured store pays that cleans segments as full as the device: 2 /
 * (1 - u) bytes read and written for each new byte.
 */
@Command(
        name = "compaction",
        mixinStandardHelpOptions = true,
        description = "Bytes moved for each byte written, by how full a device is.")
final class CompactionCommand implements Callable<Integer> {
    private static final UUID SITE = new UUID(1, 1);
    private static final int TOGETHER = 32;
    private static final int MAX_TRIES = 60_000;
    private static final int PLOT_WIDTH = 48;
    private static final double PLOT_MAX = 24;

    @Option(names = "--dir", defaultValue = "varve-compaction-data")
    private Path directory;

    @Option(names = "--capacity", defaultValue = "268435456", description = "bytes of the device")
    private long capacityBytes;

    @Option(names = "--segment", defaultValue = "2097152", description = "bytes of a segment")
    private long segmentBytes;

    @Option(names = "--blob", defaultValue = "16384", description = "bytes of a blob")
    private int blobBytes;

    @Option(names = "--turns", defaultValue = "3", description = "how often all is replaced")
    private double turns;

    @Option(
            names = "--dead-ratio",
            description =
                    "share of dead bytes that has a segment compacted though there is room;"
                            + " by default as the server has it")
    private double deadRatio = CompactionPace.DEFAULT.deadRatio();

    @Option(names = "--fill", split = ",", defaultValue = "0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.85,0.9")
    private List<Double> fills = List.of();

    /** One device, on which every blob belongs. */
    private record OneDevice() implements PoolPlacement {
        @Override
        public long epoch() {
            return 1;
        }

        @Override
        public int groupCount() {
            return 1;
        }

        @Override
        public int groupOf(long blobIdHigh, long blobIdLow) {
            return 0;
        }

        @Override
        public int[] home(int group) {
            return new int[] {0};
        }

        @Override
        public int[] target(int group) {
            return home(group);
        }
    }

    @Override
    public Integer call() throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%,d bytes in segments of %,d, blobs of %,d replaced at random; cost = bytes read"
                        + " and written per byte written%n",
                capacityBytes,
                segmentBytes,
                blobBytes);
        System.out.println(" fill  moved/written  cost   2/(1-u)");
        boolean below = true;
        for (double fill : fills) {
            below &= measure(fill);
        }
        System.out.println(below ? "at or below the curve" : "above the curve");
        return below ? 0 : 1;
    }

    private boolean measure(double fill) throws IOException {
        Path device = directory.resolve("fill-" + fill);
        remove(device);
        try (DeviceSet devices = open(device);
                BlobPool pool =
                        ReplicatedPool.open(
                                PoolConfig.DEFAULT.withCopies(1, 1), devices, new OneDevice())) {
            Random random = new Random(1);
            BlobPayload payload = payload(random);
            List<BlobId> live = new ArrayList<>();
            // A record is a little larger than its payload.
            long blobs = (long) (fill * capacityBytes / (blobBytes + 128));
            while (live.size() < blobs) {
                List<BlobId> ids = Stream.generate(() -> newId(random)).limit(TOGETHER).toList();
                write(pool, payload, ids);
                live.addAll(ids);
            }
            replace(pool, payload, live, (long) (blobs * turns / 2), random);
            DeviceStats before = pool.stats().getFirst();
            replace(pool, payload, live, (long) (blobs * turns), random);
            DeviceStats after = pool.stats().getFirst();
            return report(fill, before, after);
        } finally {
            remove(device);
        }
    }

    private DeviceSet open(Path device) {
        DeviceConfig config =
                DeviceConfig.of(0, device)
                        .withWrites(
                                WriteLimits.DEFAULT.withMaxBlobBytes(
                                        (int) Math.min(segmentBytes / 4, 1 << 20)))
                        .withSpace(
                                SpaceLimits.DEFAULT
                                        .withSegmentSizeBytes(segmentBytes)
                                        .withCapacityBytes(capacityBytes)
                                        .withLowSpaceBytes(0))
                        .withCompaction(new CompactionPace(deadRatio, 1L << 40));
        return DeviceSet.open(
                new DeviceSetConfig(SITE, List.of(config), true), DeviceListener.NONE);
    }

    private BlobPayload payload(Random random) {
        byte[] bytes = new byte[blobBytes];
        random.nextBytes(bytes);
        return BlobPayload.of(ByteBuffer.wrap(bytes));
    }

    /** Many at once, as requests that come side by side: their tombstones share batches. */
    private static void replace(
            BlobPool pool, BlobPayload payload, List<BlobId> live, long count, Random random) {
        for (long left = count; left > 0; left -= TOGETHER) {
            List<CompletableFuture<?>> deleted = new ArrayList<>();
            Map<Integer, BlobId> next = new HashMap<>();
            for (int i = 0; i < TOGETHER; i++) {
                int victim = random.nextInt(live.size());
                if (next.putIfAbsent(victim, newId(random)) == null) {
                    deleted.add(pool.delete(live.get(victim)));
                }
            }
            write(pool, payload, List.copyOf(next.values()));
            deleted.forEach(CompletableFuture::join);
            next.forEach(live::set);
        }
    }

    private static BlobId newId(Random random) {
        return BlobId.create(System.currentTimeMillis(), 0, random);
    }

    /** Waits for compaction when the device is full. */
    private static void write(BlobPool pool, BlobPayload payload, List<BlobId> ids) {
        List<BlobId> left = ids;
        for (int tries = 0; tries < MAX_TRIES && !left.isEmpty(); tries++) {
            Map<BlobId, CompletableFuture<BlobWritten>> writes = new LinkedHashMap<>();
            left.forEach(id -> writes.put(id, pool.write(id, payload, new byte[0])));
            List<BlobId> refused = new ArrayList<>();
            writes.forEach(
                    (id, written) -> {
                        if (!isWritten(written)) {
                            refused.add(id);
                        }
                    });
            if (!refused.isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
            left = refused;
        }
        if (!left.isEmpty()) {
            throw new IllegalStateException("compaction frees no room");
        }
    }

    private static boolean isWritten(CompletableFuture<BlobWritten> written) {
        try {
            written.join();
            return true;
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof PoolFullException)) {
                throw e;
            }
            return false;
        }
    }

    /** Each byte that is moved is read too, and so is each dead byte beside it: as many as new. */
    private boolean report(double fill, DeviceStats before, DeviceStats after) {
        double written = (double) after.traffic().writtenBytes() - before.traffic().writtenBytes();
        double moved =
                (double) after.traffic().compactedBytes() - before.traffic().compactedBytes();
        double cost = 2 * (written + moved) / written;
        double curve = 2 / (1 - fill);
        char[] plot = " ".repeat(PLOT_WIDTH + 1).toCharArray();
        plot[column(curve)] = '|';
        plot[column(cost)] = '*';
        System.out.printf(
                Locale.ROOT,
                " %.2f  %13.2f  %4.1f  %7.1f  %s%n",
                fill,
                moved / written,
                cost,
                curve,
                new String(plot));
        return cost <= curve;
    }

    private static int column(double value) {
        return (int) Math.min(PLOT_WIDTH, value / PLOT_MAX * PLOT_WIDTH);
    }

    private static void remove(Path device) throws IOException {
        if (Files.exists(device)) {
            try (Stream<Path> files = Files.walk(device)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
