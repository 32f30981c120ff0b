package io.varve.perf;

import io.varve.devices.erasure.ErasureCode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * How fast erasure codes are made and undone, in bytes of data for each second of one core. By the
 * thread's CPU time, because it depends little on what else the machine does.
 */
@Command(
        name = "erasure",
        mixinStandardHelpOptions = true,
        description = "Speed of erasure codes on one core: encode, and decode with shards lost.")
final class ErasureCommand implements Callable<Integer> {
    private static final double TARGET_GB_PER_SECOND = 4;

    @Option(names = "--blob", defaultValue = "4194304", description = "bytes of data in a blob")
    private int blobBytes;

    @Option(names = "--seconds", defaultValue = "1", description = "of CPU time for each figure")
    private double seconds;

    @Option(names = "--rounds", defaultValue = "5", description = "of which the median counts")
    private int rounds;

    @Override
    public Integer call() {
        System.out.printf(
                Locale.ROOT,
                "GB of data a second of one core, blobs of %,d bytes; median of %d (lowest,"
                        + " highest)%n",
                blobBytes,
                rounds);
        measure(4, 2);
        measure(8, 3);
        return 0;
    }

    private void measure(int k, int m) {
        ErasureCode code = new ErasureCode(k, m);
        int shardBytes = (blobBytes + k - 1) / k;
        List<ByteBuffer> shards = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < k + m; i++) {
            byte[] bytes = new byte[shardBytes];
            random.nextBytes(bytes);
            shards.add(ByteBuffer.wrap(bytes));
        }
        List<List<ByteBuffer>> data = shards.subList(0, k).stream().map(List::of).toList();
        List<ByteBuffer> parity = shards.subList(k, k + m);
        report(
                k,
                m,
                "encode",
                () -> {
                    parity.forEach(ByteBuffer::clear);
                    code.encode(data, parity);
                });
        parity.forEach(ByteBuffer::flip);
        for (int lost = 1; lost <= m; lost++) {
            SortedMap<Integer, ByteBuffer> present = new TreeMap<>();
            SortedMap<Integer, ByteBuffer> wanted = new TreeMap<>();
            for (int shard = 0; shard < k + m; shard++) {
                if (shard < lost) {
                    wanted.put(shard, ByteBuffer.allocate(shardBytes));
                } else {
                    present.put(shard, shards.get(shard));
                }
            }
            report(
                    k,
                    m,
                    "decode, %d data lost".formatted(lost),
                    () -> {
                        wanted.values().forEach(ByteBuffer::clear);
                        code.rebuild(present, wanted);
                    });
        }
    }

    private void report(int k, int m, String what, Runnable work) {
        List<Double> figures = new ArrayList<>();
        figure(work);
        for (int round = 0; round < rounds; round++) {
            figures.add(figure(work));
        }
        figures.sort(null);
        double median = figures.get(rounds / 2);
        System.out.printf(
                Locale.ROOT,
                "%d+%d %-22s %6.2f GB/s (%.2f, %.2f)%s%n",
                k,
                m,
                what,
                median,
                figures.getFirst(),
                figures.getLast(),
                k == 4 && m == 2
                        ? " target %.0f: %s"
                                .formatted(
                                        TARGET_GB_PER_SECOND,
                                        median >= TARGET_GB_PER_SECOND ? "met" : "missed")
                        : "");
    }

    private double figure(Runnable work) {
        long began = cpuNanos();
        long blobs = 0;
        long nanos = 0;
        while (nanos < seconds * 1e9) {
            work.run();
            blobs++;
            nanos = cpuNanos() - began;
        }
        return (double) blobs * blobBytes / nanos;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
