package io.varve.perf;

import io.varve.endpoint.replica.HttpPrimary;
import io.varve.endpoint.site.ReplicaState;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A primary under full load of PUTs, and how far its standby is behind, second by second: two
 * servers on this machine, which share its processors. Lag stays bounded when the standby has all
 * there is within some seconds once the load has ended.
 */
@Command(
        name = "ship",
        mixinStandardHelpOptions = true,
        description = "How far a standby is behind a primary under full load, over time.")
final class ShipCommand implements Callable<Integer> {
    private static final int PLOT_COLUMNS = 60;
    private static final int PLOT_ROWS_MAX = 60;
    private static final Duration CATCH_UP_MAX = Duration.ofSeconds(10);
    private static final long SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    @Option(names = "--dir", required = true, description = "an empty directory")
    private Path directory;

    @Option(names = "--seconds", defaultValue = "120", description = "of load")
    private int seconds;

    @Option(names = "--size", defaultValue = "4096", description = "object size in bytes")
    private int sizeBytes;

    @Option(names = "--connections", defaultValue = "32")
    private int connections;

    @Option(names = "--heap", defaultValue = "512m", description = "of each of the two JVMs")
    private String heap;

    private record Sample(double second, long primary, long standby) {
        long lag() {
            return Math.max(0, primary - standby);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path one = Files.createDirectories(directory.resolve("one")).toAbsolutePath();
        Path two = Files.createDirectories(directory.resolve("two")).toAbsolutePath();
        try (ChildProcess primary = Servers.varve(one, heap)) {
            String url = "http://127.0.0.1:" + primary.address().getPort();
            String token =
                    cli("dr", "token", "--data", one.resolve("data").toString(), "--url", url);
            String data = two.resolve("data").toString();
            cli("dr", "attach", "--data", data, "--primary", url, "--token", token);
            try (ChildProcess standby = Servers.varve(two, heap)) {
                String other = "http://127.0.0.1:" + standby.address().getPort();
                try (HttpPrimary here = site(url, token);
                        HttpPrimary there = site(other, token)) {
                    return measure(primary, here, there) ? 0 : 1;
                }
            }
        }
    }

    private HttpPrimary site(String url, String token) {
        return HttpPrimary.of(new ReplicaState.Peer(url, token), directory);
    }

    /** The last line of what a command prints. */
    private static String cli(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Servers.launcher()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("VARVE_ROOT_ACCESS_KEY", Servers.ACCESS_KEY);
        builder.environment().put("VARVE_ROOT_SECRET_KEY", Servers.SECRET_KEY);
        Process process = builder.start();
        String text =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", arguments) + ": " + text);
        }
        return text.substring(text.lastIndexOf('\n') + 1).strip();
    }

    private boolean measure(ChildProcess primary, HttpPrimary here, HttpPrimary there)
            throws IOException, InterruptedException {
        S3Requests requests = RatiosCommand.requests(primary.address());
        LoadCommand.send(primary.address(), requests.createBucket(), 1);
        List<Sample> samples = new ArrayList<>();
        boolean[] ended = {false};
        long began = System.nanoTime();
        Thread watcher =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!watched(ended)) {
                                        synchronized (samples) {
                                            samples.add(sample(here, there, began));
                                        }
                                        LockSupport.parkNanos(SAMPLE_NANOS);
                                    }
                                });
        ByteBuffer body = LoadCommand.randomBytes(sizeBytes);
        try (LoadLoop loop = new LoadLoop(primary.address(), connections, requests.puts(0, body))) {
            LoadResult result = loop.run(Duration.ZERO, Duration.ofSeconds(seconds));
            System.out.println("primary: " + result);
        } finally {
            synchronized (ended) {
                ended[0] = true;
            }
            watcher.join();
        }
        double caughtUp = catchUp(here, there);
        return report(samples, caughtUp);
    }

    private static boolean watched(boolean[] ended) {
        synchronized (ended) {
            return ended[0];
        }
    }

    /** The primary last, so that what is measured is never too good. */
    private static Sample sample(HttpPrimary here, HttpPrimary there, long began) {
        long standby = there.report().endPosition();
        long primary = here.report().endPosition();
        return new Sample((System.nanoTime() - began) / 1e9, primary, standby);
    }

    private static double catchUp(HttpPrimary here, HttpPrimary there) {
        long began = System.nanoTime();
        while (there.report().endPosition() < here.report().endPosition()) {
            if (System.nanoTime() - began > TimeUnit.MINUTES.toNanos(10)) {
                throw new IllegalStateException("the standby does not catch up");
            }
            LockSupport.parkNanos(SAMPLE_NANOS / 100);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private boolean report(List<Sample> samples, double caughtUpSeconds) throws IOException {
        StringBuilder csv = new StringBuilder("second,primary,standby,lag\n");
        long most = 1;
        for (Sample each : samples) {
            csv.append(
                    String.format(
                            Locale.ROOT,
                            "%.1f,%d,%d,%d%n",
                            each.second(),
                            each.primary(),
                            each.standby(),
                            each.lag()));
            most = Math.max(most, each.lag());
        }
        Path table = Files.writeString(directory.resolve("lag.csv"), csv);
        int step = Math.max(1, samples.size() / PLOT_ROWS_MAX);
        for (int i = 0; i < samples.size(); i += step) {
            Sample each = samples.get(i);
            int bar = (int) (PLOT_COLUMNS * each.lag() / most);
            System.out.printf(
                    Locale.ROOT, "%5.0f s %7d %s%n", each.second(), each.lag(), "#".repeat(bar));
        }
        boolean bounded = caughtUpSeconds <= CATCH_UP_MAX.toSeconds();
        System.out.printf(
                Locale.ROOT,
                "most behind: %,d records; all there %.2f s after the load had ended: %s (%s)%n",
                most,
                caughtUpSeconds,
                bounded ? "bounded" : "NOT bounded",
                table);
        return bounded;
    }
}
