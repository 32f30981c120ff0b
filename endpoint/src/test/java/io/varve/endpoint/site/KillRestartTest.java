package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.cli.CommandRun;
import io.varve.endpoint.clients.ServerProcess;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The server is killed at random moments under mixed load and started again. It must come up by
 * itself with everything that it acknowledged, in order and with the right bytes, and with nothing
 * half done.
 */
final class KillRestartTest {
    private static final int CLIENTS = 8;

    @TempDir Path directory;

    @Test
    void losesNothingAcknowledgedWhenItIsKilled() throws Exception {
        killAgainAndAgain(3, System.nanoTime());
    }

    @Test
    @Tag("slow")
    void losesNothingAcknowledgedWhenItIsKilledFiftyTimes() throws Exception {
        int kills = 50 * Integer.getInteger("varve.slow.percent", 100) / 100;
        killAgainAndAgain(kills, System.nanoTime());
    }

    private void killAgainAndAgain(int kills, long seed) throws Exception {
        Random random = new Random(seed);
        List<KillLoad> loads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            loads.add(new KillLoad(i, seed));
        }
        boolean fresh = true;
        for (int kill = 0; kill < kills; kill++) {
            try (ServerProcess server = start();
                    S3HttpClient client = new S3HttpClient(server.port())) {
                verifyFiles();
                if (fresh) {
                    KillLoad.createBuckets(client);
                    fresh = false;
                }
                for (KillLoad load : loads) {
                    load.verify(client, false);
                }
                loadUntilKilled(server, client, loads, 50 + random.nextInt(2000));
            } catch (AssertionError | IOException e) {
                throw new AssertionError(
                        "seed %d, kill %d: %s%n%s".formatted(seed, kill, e, lastOfLog()), e);
            }
        }
        try (ServerProcess server = start();
                S3HttpClient client = new S3HttpClient(server.port())) {
            int acknowledged = 0;
            for (KillLoad load : loads) {
                load.verify(client, true);
                acknowledged += load.acknowledged();
            }
            assertTrue(acknowledged > kills, "the load did nothing: " + acknowledged);
            assertEquals(0, server.stop());
        }
        verifyFiles();
    }

    /** The directory is gone when somebody reads of the failure. */
    private String lastOfLog() throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve("server.log"));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    private void verifyFiles() {
        String data = directory.resolve("data").toString();
        for (String what : List.of("journal", "view")) {
            CommandRun run = CommandRun.of(what, "verify", "--data", data);
            assertEquals(0, run.exitCode(), run.output());
        }
    }

    private ServerProcess start() throws IOException {
        Path config = directory.resolve("varve.conf");
        // Small, so that segments end and the view is flushed between two kills.
        Files.writeString(
                config,
                """
                devices.segmentSize = 1 MiB
                devices.lowSpace = 0 B
                store.blobSize = 64 KiB
                view.flushRecords = 500
                log.access = off
                """);
        return ServerProcess.start(
                directory.resolve("data"),
                directory.resolve("server.log"),
                "--config",
                config.toString());
    }

    private static void loadUntilKilled(
            ServerProcess server, S3HttpClient client, List<KillLoad> loads, long afterMs)
            throws Exception {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (KillLoad load : loads) {
            threads.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            load.run(client);
                                        } catch (Throwable e) {
                                            failures.add(e);
                                        }
                                    }));
        }
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(afterMs);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        server.kill();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
    }
}
