package io.varve.perf;

import io.varve.perf.WreckedBucket.Listing;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * A bucket is wrecked by a script and brought back, by the commands that an operator has. The data
 * directory is kept: a bucket that was brought back is wrecked again by the next run.
 */
@Command(
        name = "pitr",
        mixinStandardHelpOptions = true,
        description = "Wrecks a bucket, compares it with its past, and brings it back.")
final class PastCommand implements Callable<Integer> {
    private static final int LISTING_ROUNDS = 3;
    private static final double LISTING_TARGET = 1.5;
    private static final double RESTORE_TARGET_SECONDS = 30;

    @Option(names = "--dir", defaultValue = "varve-pitr-data")
    private Path directory;

    @Option(names = "--objects", defaultValue = "1000000", description = "made if not yet there")
    private long objects;

    @Option(names = "--size", defaultValue = "256", description = "object size in bytes")
    private int sizeBytes;

    @Option(names = "--heap", defaultValue = "1g", description = "of Varve's JVM")
    private String heap;

    @Override
    public Integer call() throws IOException {
        directory = Files.createDirectories(directory).toAbsolutePath();
        try (ChildProcess varve = Servers.varve(directory, heap)) {
            WreckedBucket bucket = new WreckedBucket(varve.address());
            fill(bucket);
            Instant before = moment();
            Listing then = bucket.list(WreckedBucket.NAME);
            long wrecked = bucket.wreck(objects, sizeBytes);
            boolean good = diff(varve, before, wrecked);
            good &= restore(varve, bucket, before);
            good &= same(then, bucket.list(WreckedBucket.NAME));
            listings(varve, bucket, before);
            return good ? 0 : 1;
        }
    }

    private void fill(WreckedBucket bucket) throws IOException {
        Path countFile = directory.resolve("objects");
        long made = Files.exists(countFile) ? Long.parseLong(Files.readString(countFile)) : 0;
        if (made == 0) {
            bucket.create();
        }
        bucket.fill(made, objects - made, sizeBytes);
        objects = Math.max(objects, made);
        Files.writeString(countFile, Long.toString(objects));
    }

    /** A time between what has been recorded and what will be. */
    private static Instant moment() {
        LockSupport.parkNanos(5_000_000);
        Instant moment = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        LockSupport.parkNanos(5_000_000);
        return moment;
    }

    private boolean diff(ChildProcess varve, Instant before, long expected) throws IOException {
        Path out = directory.resolve("diff.out");
        double cpu = varve.cpuSeconds();
        double seconds =
                pitr(varve.address(), out, "diff", "--at", before.toString(), WreckedBucket.NAME);
        long named;
        try (var lines = Files.lines(out)) {
            named = lines.count();
        }
        System.out.printf(
                Locale.ROOT,
                "diff named %,d keys of %,d that differ: %.1f s, %.1f s CPU%n",
                named,
                expected,
                seconds,
                varve.cpuSeconds() - cpu);
        return named == expected;
    }

    private boolean restore(ChildProcess varve, WreckedBucket bucket, Instant before)
            throws IOException {
        Path out = directory.resolve("restore.out");
        long blobs = bucket.metric("varve_device_blobs");
        double cpu = varve.cpuSeconds();
        double seconds =
                pitr(
                        varve.address(),
                        out,
                        "restore",
                        "--at",
                        before.toString(),
                        WreckedBucket.NAME);
        System.out.print(Files.readString(out));
        long more = bucket.metric("varve_device_blobs") - blobs;
        System.out.printf(
                Locale.ROOT,
                "restore: %.1f s (target under %.0f s for 1,000,000), %.1f s CPU, %,d more blobs on"
                        + " %,d%n",
                seconds,
                RESTORE_TARGET_SECONDS,
                varve.cpuSeconds() - cpu,
                more,
                blobs);
        return more == 0;
    }

    private static boolean same(Listing then, Listing now) {
        boolean same = then.digest().equals(now.digest());
        System.out.printf(
                Locale.ROOT,
                "%,d objects before, %,d now: %s%n",
                then.objects(),
                now.objects(),
                same ? "the exact state" : "NOT THE SAME");
        return same;
    }

    /** In turns, so that what else the machine does falls on both. */
    private static void listings(ChildProcess varve, WreckedBucket bucket, Instant before)
            throws IOException {
        String past =
                WreckedBucket.NAME
                        + "--asof-"
                        + before.toString().replaceAll("[-:]", "").toLowerCase(Locale.ROOT);
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < LISTING_ROUNDS; round++) {
            double start = varve.cpuSeconds();
            Listing live = bucket.list(WreckedBucket.NAME);
            double middle = varve.cpuSeconds();
            Listing then = bucket.list(past);
            double end = varve.cpuSeconds();
            if (!live.digest().equals(then.digest())) {
                throw new IOException("the past is listed differently: " + then + ", " + live);
            }
            System.out.printf(
                    Locale.ROOT,
                    "listing: live %.1f s, %.1f s CPU; as of then %.1f s, %.1f s CPU%n",
                    live.seconds(),
                    middle - start,
                    then.seconds(),
                    end - middle);
            ratios.add((end - middle) / (middle - start));
        }
        System.out.printf(
                Locale.ROOT,
                "as-of listing: %.2f of a live one's processor time (target %.1f)%n",
                ratios.stream().sorted().skip(LISTING_ROUNDS / 2).findFirst().orElseThrow(),
                LISTING_TARGET);
    }

    /**
     * @return how long it took, the start of its JVM included; seconds
     */
    private static double pitr(InetSocketAddress server, Path out, String... command)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(Servers.launcher(), "pitr", command[0]));
        arguments.add("--url=http://127.0.0.1:" + server.getPort());
        arguments.addAll(List.of(command).subList(1, command.length));
        ProcessBuilder builder =
                new ProcessBuilder(arguments)
                        .redirectOutput(out.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("AWS_ACCESS_KEY_ID", Servers.ACCESS_KEY);
        builder.environment().put("AWS_SECRET_ACCESS_KEY", Servers.SECRET_KEY);
        long began = System.nanoTime();
        Process process = builder.start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("failed: " + arguments + "\n" + Files.readString(out));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
        return (System.nanoTime() - began) / 1e9;
    }
}
