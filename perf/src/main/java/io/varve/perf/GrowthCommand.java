package io.varve.perf;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What one operation costs the server in CPU time while the bucket grows: it should hardly change.
 * CPU time, because it depends little on what else the machine does.
 *
 * <p>Reads are measured twice: of as many objects in both buckets, spread over the whole of each
 * and read once before, which is the cost of finding one among many; and of all objects, whose
 * blocks and bytes come from the disk when they are more than memory holds.
 */
@Command(
        name = "growth",
        mixinStandardHelpOptions = true,
        description = "CPU time of PUT, GET and listing in a small and in a large bucket.")
final class GrowthCommand implements Callable<Integer> {
    private static final int CONNECTIONS = 32;
    private static final int SAMPLE_PUTS = 20_000;
    private static final int REST_SECONDS_MAX = 120;

    /** Below this share of a processor, a server has nothing left to do in the background. */
    private static final double RESTING = 0.05;

    @Option(names = "--dir", defaultValue = "varve-growth-data")
    private Path directory;

    @Option(names = "--from", defaultValue = "10000", description = "objects in the small bucket")
    private long from;

    @Option(names = "--to", defaultValue = "1000000", description = "objects in the large bucket")
    private long to;

    @Option(names = "--size", defaultValue = "256", description = "object size in bytes")
    private int sizeBytes;

    @Option(names = "--seconds", defaultValue = "8", description = "of each measurement")
    private int seconds;

    @Option(names = "--heap", defaultValue = "512m", description = "of Varve's JVM")
    private String heap;

    /** CPU microseconds of one operation. */
    private record Costs(double put, double get, double getAny, double list) {}

    @Override
    public Integer call() throws IOException {
        directory = Files.createDirectories(directory).toAbsolutePath();
        ByteBuffer body = LoadCommand.randomBytes(sizeBytes);
        try (ChildProcess varve = Servers.varve(directory, heap)) {
            S3Requests requests = RatiosCommand.requests(varve.address());
            LoadCommand.send(varve.address(), requests.createBucket(), 1);
            // Warm code first: an interpreter's cost would be taken for the small bucket's.
            measure(varve, requests, body, fill(varve, requests, body, 0, from));
            Costs small = measure(varve, requests, body, from + SAMPLE_PUTS);
            long filled = fill(varve, requests, body, from + 2 * SAMPLE_PUTS, to);
            Costs large = measure(varve, requests, body, filled);
            report("PUT", small.put(), large.put());
            report("GET, read before", small.get(), large.get());
            report("GET, any object", small.getAny(), large.getAny());
            report("list 1,000 keys", small.list(), large.list());
        }
        restart();
        return 0;
    }

    private long fill(
            ChildProcess varve, S3Requests requests, ByteBuffer body, long first, long end)
            throws IOException {
        try (LoadLoop loop =
                new LoadLoop(varve.address(), CONNECTIONS, requests.puts(first, body))) {
            LoadResult result = loop.run(Math.max(1, end - first));
            System.out.printf(Locale.ROOT, "filled to %,d: %s%n", end, result);
        }
        return end;
    }

    private Costs measure(ChildProcess varve, S3Requests requests, ByteBuffer body, long count)
            throws IOException {
        awaitRest(varve);
        double before = varve.cpuSeconds();
        fill(varve, requests, body, count, count + SAMPLE_PUTS);
        double put = (varve.cpuSeconds() - before) * 1e6 / SAMPLE_PUTS;
        awaitRest(varve);
        long stride = count / from;
        try (LoadLoop loop =
                new LoadLoop(varve.address(), CONNECTIONS, requests.getsInTurn(stride))) {
            loop.run(from);
        }
        double get = cpuMicros(varve, requests.gets(from, stride, 2));
        double getAny = cpuMicros(varve, requests.gets(count, 1, 2));
        double list = cpuMicros(varve, requests.lists(count, 3));
        return new Costs(put, get, getAny, list);
    }

    /** Waits for what was put off, so that it is not taken for the cost of what comes next. */
    private static void awaitRest(ChildProcess varve) throws IOException {
        double last = varve.cpuSeconds();
        for (int second = 0; second < REST_SECONDS_MAX; second++) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            double now = varve.cpuSeconds();
            if (now - last < RESTING) {
                return;
            }
            last = now;
        }
        System.out.println("the server did not come to rest in " + REST_SECONDS_MAX + " s");
    }

    private double cpuMicros(ChildProcess varve, RequestSource source) throws IOException {
        try (LoadLoop loop = new LoadLoop(varve.address(), CONNECTIONS, source)) {
            double before = varve.cpuSeconds();
            LoadResult result = loop.run(Duration.ZERO, Duration.ofSeconds(seconds));
            System.out.println(result);
            return (varve.cpuSeconds() - before) * 1e6 / result.requests();
        }
    }

    private static void report(String what, double small, double large) {
        System.out.printf(
                Locale.ROOT,
                "%-18s %8.1f us -> %8.1f us CPU: %+.1f %% (target under +20 %%)%n",
                what,
                small,
                large,
                100 * (large / small - 1));
    }

    private void restart() throws IOException {
        long began = System.nanoTime();
        try (ChildProcess varve = Servers.varve(directory, heap)) {
            LoadCommand.send(
                    varve.address(), RatiosCommand.requests(varve.address()).gets(from, 4), 1);
            System.out.printf(
                    Locale.ROOT,
                    "restart to the first answered GET: %.2f s (target under 3 s)%n",
                    (System.nanoTime() - began) / 1e9);
        }
    }
}
