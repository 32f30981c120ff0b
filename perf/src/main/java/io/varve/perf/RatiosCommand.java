package io.varve.perf;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Varve against what lies below it, round by round in turns on one machine, so that what else the
 * machine does falls on both sides. Each ratio is that of the best rounds: noise only ever slows.
 */
@Command(
        name = "ratios",
        mixinStandardHelpOptions = true,
        description =
                "Durable PUTs and GETs as ratios to the bare HTTP server, nginx and the disk.")
final class RatiosCommand implements Callable<Integer> {
    private static final int SMALL_BYTES = 4096;
    private static final int LARGE_BYTES = 64 << 20;
    private static final int SMALL_CONNECTIONS = 32;
    private static final int LARGE_CONNECTIONS = 2;
    private static final int LARGE_PUTS = 12;
    private static final long GET_KEYS = 10_000;

    @Option(
            names = "--dir",
            defaultValue = "varve-bench-data",
            description = "where the servers keep their files (default: ${DEFAULT-VALUE})")
    private Path directory;

    @Option(names = "--rounds", defaultValue = "3")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "8", description = "of each round")
    private int seconds;

    @Option(
            names = "--warmup",
            defaultValue = "40",
            description =
                    "seconds each server is loaded before it is first measured, for its JIT"
                            + " compiler (default: ${DEFAULT-VALUE})")
    private int warmupSeconds;

    @Option(
            names = "--devices",
            defaultValue = "3",
            description =
                    "how many, each a host of its own in Varve's placement; all are directories of"
                            + " one disk (default: ${DEFAULT-VALUE})")
    private int devices;

    @Option(
            names = "--only",
            split = ",",
            defaultValue = "small-put,small-get,swift,large-put,large-get",
            description = "which to measure (default: ${DEFAULT-VALUE})")
    private Set<String> only = Set.of();

    @Option(names = "--heap", defaultValue = "512m", description = "of Varve's JVM")
    private String heap;

    private long nextKey = 1_000_000;

    @Override
    public Integer call() throws IOException {
        directory = Files.createDirectories(directory).toAbsolutePath();
        List<String> lines = new ArrayList<>();
        Path config = Servers.configuration(directory, devices);
        try (ChildProcess varve = Servers.varve(directory, heap, config);
                ChildProcess baseline = Servers.baseline(directory)) {
            S3Requests requests = requests(varve.address());
            LoadCommand.send(varve.address(), requests.createBucket(), 1);
            if (only.contains("small-put")) {
                lines.add(smallPuts(varve, baseline, requests));
            }
            if (only.contains("small-get")) {
                lines.add(smallGets(varve, baseline, requests));
            }
            if (only.contains("swift")) {
                lines.addAll(swift(varve, requests));
            }
        }
        try (ChildProcess varve = Servers.varve(directory, heap, config)) {
            S3Requests requests = requests(varve.address());
            if (only.contains("large-put")) {
                lines.add(largePuts(varve, requests));
            }
            if (only.contains("large-get")) {
                lines.add(largeGets(varve, requests));
            }
        }
        System.out.println();
        lines.forEach(System.out::println);
        return 0;
    }

    static S3Requests requests(InetSocketAddress address) {
        return new S3Requests(address, Servers.ACCESS_KEY, Servers.SECRET_KEY, "bench");
    }

    private String smallPuts(ChildProcess varve, ChildProcess baseline, S3Requests requests)
            throws IOException {
        ByteBuffer body = LoadCommand.randomBytes(SMALL_BYTES);
        warmUp(baseline, requests.puts(0, body));
        warmUp(varve, requests.puts(nextKey, body));
        nextKey += 10_000_000;
        double best = 0;
        double bestBaseline = 0;
        for (int round = 0; round < rounds; round++) {
            double below = small("bare PUT", baseline, puts(requests, body, 120_000));
            bestBaseline = Math.max(bestBaseline, below);
            best = Math.max(best, small("durable PUT", varve, puts(requests, body, 40_000)));
        }
        return ratio("4 KiB durable PUT / bare HTTP PUT", best, bestBaseline, 0.25);
    }

    private RequestSource puts(S3Requests requests, ByteBuffer body, int perSecond) {
        int count = perSecond * seconds;
        RequestSource source = S3Requests.prepared(requests.puts(nextKey, body), count);
        nextKey += 10L * count;
        return source;
    }

    private String smallGets(ChildProcess varve, ChildProcess baseline, S3Requests requests)
            throws IOException {
        ByteBuffer body = LoadCommand.randomBytes(SMALL_BYTES);
        try (LoadLoop loop =
                new LoadLoop(varve.address(), SMALL_CONNECTIONS, requests.puts(0, body))) {
            loop.run(GET_KEYS);
        }
        warmUp(baseline, requests.gets(GET_KEYS, 0));
        warmUp(varve, requests.gets(GET_KEYS, 0));
        double best = 0;
        double bestBaseline = 0;
        for (int round = 0; round < rounds; round++) {
            double below = small("bare GET", baseline, gets(requests, round, 120_000));
            bestBaseline = Math.max(bestBaseline, below);
            best = Math.max(best, small("GET", varve, gets(requests, round, 80_000)));
        }
        return ratio("4 KiB GET / bare HTTP GET", best, bestBaseline, 0.40);
    }

    private RequestSource gets(S3Requests requests, int seed, int perSecond) {
        return S3Requests.prepared(requests.gets(GET_KEYS, seed), perSecond * seconds);
    }

    /** Swift beside S3 on the same server, bucket and keys. */
    private List<String> swift(ChildProcess varve, S3Requests s3) throws IOException {
        SwiftRequests swift =
                SwiftRequests.login(varve.address(), "admin:admin", Servers.SECRET_KEY, "bench");
        ByteBuffer body = LoadCommand.randomBytes(SMALL_BYTES);
        warmUp(varve, swift.puts(0, body));
        warmUp(varve, s3.puts(0, body));
        double swiftPuts = 0;
        double s3Puts = 0;
        for (int round = 0; round < rounds; round++) {
            s3Puts = Math.max(s3Puts, small("S3 PUT", varve, puts(s3, body, 40_000)));
            int count = 40_000 * seconds;
            RequestSource source = S3Requests.prepared(swift.puts(nextKey, body), count);
            nextKey += 10L * count;
            swiftPuts = Math.max(swiftPuts, small("Swift PUT", varve, source));
        }
        try (LoadLoop loop =
                new LoadLoop(varve.address(), SMALL_CONNECTIONS, swift.puts(0, body))) {
            loop.run(GET_KEYS);
        }
        warmUp(varve, swift.gets(GET_KEYS, 0));
        warmUp(varve, s3.gets(GET_KEYS, 0));
        double swiftGets = 0;
        double s3Gets = 0;
        for (int round = 0; round < rounds; round++) {
            s3Gets = Math.max(s3Gets, small("S3 GET", varve, gets(s3, round, 80_000)));
            RequestSource source =
                    S3Requests.prepared(swift.gets(GET_KEYS, round), 80_000 * seconds);
            swiftGets = Math.max(swiftGets, small("Swift GET", varve, source));
        }
        return List.of(
                ratio("4 KiB Swift PUT / S3 PUT", swiftPuts, s3Puts, 0.90),
                ratio("4 KiB Swift GET / S3 GET", swiftGets, s3Gets, 0.90));
    }

    private void warmUp(ChildProcess server, RequestSource source) throws IOException {
        try (LoadLoop loop = new LoadLoop(server.address(), SMALL_CONNECTIONS, source)) {
            loop.run(Duration.ZERO, Duration.ofSeconds(warmupSeconds));
        }
    }

    private double small(String what, ChildProcess server, RequestSource source)
            throws IOException {
        try (LoadLoop loop = new LoadLoop(server.address(), SMALL_CONNECTIONS, source)) {
            double cpuBefore = server.cpuSeconds();
            LoadResult result = loop.run(Duration.ofSeconds(1), Duration.ofSeconds(seconds - 1));
            // A second of running in is in the one and not in the other.
            double cpuPerSecond = (server.cpuSeconds() - cpuBefore) / seconds;
            System.out.printf(
                    Locale.ROOT,
                    "%s: %s, server %.0f us CPU each%n",
                    what,
                    result,
                    1e6 * cpuPerSecond / result.requestsPerSecond());
            return result.requestsPerSecond();
        }
    }

    private String largePuts(ChildProcess varve, S3Requests requests) throws IOException {
        ByteBuffer body = LoadCommand.randomBytes(LARGE_BYTES);
        double best = 0;
        double bestDisk = 0;
        for (int round = 0; round < rounds; round++) {
            double disk = DiskSpeed.sequentialWrite(directory.resolve("disk"), 16L * LARGE_BYTES);
            System.out.printf(Locale.ROOT, "disk: %,.0f MB/s direct%n", disk / 1e6);
            bestDisk = Math.max(bestDisk, disk);
            RequestSource source =
                    S3Requests.prepared(requests.puts(100 * round, body), 2 * LARGE_PUTS);
            try (LoadLoop loop = new LoadLoop(varve.address(), LARGE_CONNECTIONS, source)) {
                loop.run(round == 0 ? LARGE_PUTS : 1);
                LoadResult result = loop.run(LARGE_PUTS);
                double rate = result.requestsPerSecond() * LARGE_BYTES;
                System.out.printf(Locale.ROOT, "64 MiB PUT: %,.0f MB/s, %s%n", rate / 1e6, result);
                best = Math.max(best, rate);
            }
        }
        return ratio("64 MiB PUT / (direct disk write / 3)", best, bestDisk / 3, 0.40);
    }

    private String largeGets(ChildProcess varve, S3Requests requests) throws IOException {
        Path files = Files.createDirectories(directory.resolve("files"));
        ByteBuffer body = LoadCommand.randomBytes(LARGE_BYTES);
        try (FileChannel file =
                FileChannel.open(
                        files.resolve("large"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            file.write(body.duplicate());
        }
        double best = 0;
        double bestNginx = 0;
        try (ChildProcess nginx = Servers.nginx(directory)) {
            byte[] head =
                    "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII);
            for (int round = 0; round < rounds; round++) {
                bestNginx =
                        Math.max(
                                bestNginx,
                                large("nginx", nginx, RequestSource.repeating(200, head)));
                best = Math.max(best, large("64 MiB GET", varve, requests.gets(1, 1)));
            }
        }
        return ratio("64 MiB GET / nginx", best, bestNginx, 0.60);
    }

    private double large(String what, ChildProcess server, RequestSource source)
            throws IOException {
        try (LoadLoop loop = new LoadLoop(server.address(), LARGE_CONNECTIONS, source)) {
            Duration warmup = Duration.ofSeconds(Math.max(1, warmupSeconds / 4));
            LoadResult result = loop.run(warmup, Duration.ofSeconds(seconds - 1));
            double rate = result.bytesRead() / result.seconds();
            System.out.printf(Locale.ROOT, "%s: %,.0f MB/s%n", what, rate / 1e6);
            return rate;
        }
    }

    private static String ratio(String what, double value, double reference, double target) {
        return String.format(
                Locale.ROOT,
                "%-40s %5.1f %% (target %.0f %%)%s",
                what,
                100 * value / reference,
                100 * target,
                value / reference < target ? "  MISSED" : "");
    }
}
