package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.BlobPayload;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceSetConfig;
import io.varve.devices.DeviceStats;
import io.varve.devices.PoolConfig;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;

/**
 * Prints how many small blobs a pool of nine devices with three copies writes and reads. To be run
 * by hand: arguments are the directory, then seconds per phase, virtual threads and bytes per blob.
 */
public final class BlobThroughput {
    private static final int KEPT_IDS = 10_000;

    private BlobThroughput() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]).resolve("varve-throughput");
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 5;
        int threads = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 32;
        int blobBytes = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 4096;
        List<DeviceConfig> devices = new ArrayList<>();
        for (int id = 0; id < 9; id++) {
            devices.add(DeviceConfig.of(id, directory.resolve("device-" + id)));
        }
        DeviceSetConfig config = new DeviceSetConfig(new UUID(3, 4), devices, true);
        AtomicReferenceArray<BlobId> ids = new AtomicReferenceArray<>(KEPT_IDS);
        AtomicLong count = new AtomicLong();
        byte[] bytes = new byte[blobBytes];
        try (DeviceSet set = DeviceSet.open(config, DeviceListener.NONE);
                ReplicatedPool pool =
                        ReplicatedPool.open(
                                PoolConfig.DEFAULT,
                                set,
                                TestPlacement.of(9, BlobThroughput::threeHosts))) {
            for (int warmUp = 1; warmUp >= 0; warmUp--) {
                measure(
                        "PUT",
                        blobBytes,
                        seconds,
                        threads,
                        () -> {
                            ThreadLocalRandom random = ThreadLocalRandom.current();
                            BlobId id = BlobId.create(System.currentTimeMillis(), 0, random);
                            pool.write(id, BlobPayload.of(bytes), new byte[16]).join();
                            ids.set((int) (count.getAndIncrement() % KEPT_IDS), id);
                        });
                printBatches(pool);
            }
            int kept = (int) Math.min(count.get(), KEPT_IDS);
            for (int warmUp = 1; warmUp >= 0; warmUp--) {
                measure(
                        "GET",
                        blobBytes,
                        seconds,
                        threads,
                        () -> {
                            BlobId id = ids.get(ThreadLocalRandom.current().nextInt(kept));
                            if (pool.read(id, 0, ByteBuffer.allocate(blobBytes)) != blobBytes) {
                                throw new IllegalStateException("short read");
                            }
                        });
            }
        } finally {
            deleteAll(directory);
        }
    }

    private static int[] threeHosts(int first) {
        return new int[] {first, (first + 3) % 9, (first + 6) % 9};
    }

    private static void printBatches(ReplicatedPool pool) {
        long batches = 0;
        long blobs = 0;
        for (DeviceStats device : pool.stats()) {
            batches += device.traffic().batches();
            blobs += device.traffic().writtenBlobs();
        }
        System.out.printf("  %.1f copies per batch%n", (double) blobs / batches);
    }

    private static void measure(
            String what, int blobBytes, long seconds, int threads, Runnable operation)
            throws InterruptedException {
        AtomicLong done = new AtomicLong();
        long cpuBefore = cpuNanos();
        long started = System.nanoTime();
        long end = started + seconds * 1_000_000_000;
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(
                    Thread.startVirtualThread(
                            () -> {
                                while (System.nanoTime() - end < 0) {
                                    operation.run();
                                    done.incrementAndGet();
                                }
                            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        double took = (System.nanoTime() - started) / 1e9;
        double cpu = (cpuNanos() - cpuBefore) / 1e3;
        System.out.printf(
                "%s %d bytes, %d threads: %.0f/s, %.1f MB/s, %.1f us CPU each%n",
                what,
                blobBytes,
                threads,
                done.get() / took,
                done.get() / took * blobBytes / 1e6,
                cpu / done.get());
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
