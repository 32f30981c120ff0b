package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.dr.replica.PeerReport;
import io.varve.dr.replica.SetAside;
import io.varve.endpoint.cli.CommandRun;
import io.varve.endpoint.clients.ServerProcess;
import io.varve.endpoint.replica.HttpPrimary;
import io.varve.endpoint.replica.ReplicaTokens;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A primary and a standby as processes, under mixed load, with faults: either is killed, the line
 * between them is cut, slow, or changes bytes. The standby is an exact prefix whenever it is asked,
 * catches up without beginning anew, and can be read with everything in it. Then the primary is
 * killed under load and the standby takes over by force.
 */
@Tag("slow")
@SuppressWarnings("NullAway.Init")
final class PairUnderFaultsTest {
    private static final int CLIENTS = 4;
    private static final int WRITERS = 32;
    private static final Duration CATCH_UP = Duration.ofSeconds(90);
    private static final int PERCENT = Integer.getInteger("varve.slow.percent", 100);

    /** Five of eight kill a site: fifty at 100 %. */
    private static final List<Fault> FAULTS =
            List.of(
                    Fault.KILL_STANDBY,
                    Fault.CUT,
                    Fault.KILL_PRIMARY,
                    Fault.KILL_STANDBY,
                    Fault.CORRUPT,
                    Fault.KILL_PRIMARY,
                    Fault.SLOW,
                    Fault.KILL_BOTH);

    private static final int ROUNDS = PERCENT < 100 ? Math.max(4, 40 * PERCENT / 100) : 80;

    /** Of the journal, at which both histories are compared after each round. */
    private static final int POSITIONS = 5;

    private static final long RTO_MS_MAX = PERCENT < 100 ? 15_000 : 5_000;

    private enum Fault {
        KILL_STANDBY,
        KILL_PRIMARY,
        KILL_BOTH,
        CUT,
        SLOW,
        CORRUPT
    }

    @TempDir Path directory;
    private FaultyLink toA;
    private FaultyLink toB;
    private String token;
    private ServerProcess a;
    private ServerProcess b;
    private int firstFault;

    @BeforeEach
    void open() throws IOException {
        toA = new FaultyLink();
        toB = new FaultyLink();
        attach();
    }

    @AfterEach
    void close() throws IOException {
        a.close();
        b.close();
        toA.close();
        toB.close();
    }

    @Test
    void theStandbyIsAnExactPrefixWhateverHappens() throws Exception {
        long seed = System.nanoTime();
        try {
            Random random = new Random(seed);
            List<KillLoad> loads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                loads.add(new KillLoad(i, seed));
            }
            firstFault = random.nextInt(FAULTS.size());
            long before = 0;
            for (int round = 0; round < ROUNDS; round++) {
                before = round(random, loads, round, before);
            }
            assertEverythingIsThere(loads);
            failover();
        } catch (AssertionError | IOException e) {
            throw new AssertionError(
                    "seed %d: %s%nA: %s%nB: %s".formatted(seed, e, lastOfLog("a"), lastOfLog("b")),
                    e);
        }
    }

    private void attach() throws IOException {
        Files.createDirectories(directory.resolve("a"));
        token = new ReplicaTokens(directory.resolve("a")).issue();
        a = start("a", toA);
        try (S3HttpClient client = new S3HttpClient(a.port())) {
            KillLoad.createBuckets(client);
        }
        CommandRun attached =
                CommandRun.of(
                        "dr",
                        "attach",
                        "--data",
                        directory.resolve("b").toString(),
                        "--primary",
                        toA.url(),
                        "--token",
                        token);
        assertEquals(0, attached.exitCode(), attached.output());
        b = start("b", toB);
    }

    private ServerProcess start(String site, FaultyLink link) throws IOException {
        Path config = directory.resolve(site + ".conf");
        Files.writeString(
                config,
                """
                devices.segmentSize = 1 MiB
                devices.lowSpace = 0 B
                store.blobSize = 64 KiB
                view.flushRecords = 500
                log.access = off
                replica.url = %s
                """
                        .formatted(link.url()));
        ServerProcess server =
                ServerProcess.start(
                        directory.resolve(site),
                        directory.resolve(site + ".log"),
                        "--config",
                        config.toString());
        link.target(server.port());
        return server;
    }

    /** One fault under load; returns where the standby was, which never goes back. */
    private long round(Random random, List<KillLoad> loads, int round, long before)
            throws Exception {
        awaitWritable();
        Fault fault = FAULTS.get((firstFault + round) % FAULTS.size());
        int lastsMs = 300 + random.nextInt(700);
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        S3HttpClient client = new S3HttpClient(a.port());
        for (KillLoad load : loads) {
            threads.add(Thread.ofVirtual().start(() -> run(load, client, failures)));
        }
        rest(random.nextInt(300));
        switch (fault) {
            case KILL_STANDBY -> b.kill();
            case KILL_PRIMARY -> a.kill();
            case KILL_BOTH -> {
                b.kill();
                a.kill();
            }
            case CUT -> toA.weather(FaultyLink.Weather.CUT);
            case CORRUPT -> toA.weather(FaultyLink.Weather.CORRUPTING);
            case SLOW -> toA.weather(FaultyLink.Weather.SLOW);
        }
        rest(lastsMs);
        if (fault == Fault.KILL_STANDBY || fault == Fault.KILL_BOTH) {
            b = start("b", toB);
        }
        client.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
        if (fault == Fault.KILL_PRIMARY || fault == Fault.KILL_BOTH) {
            a = start("a", toA);
        }
        long position = assertPrefix(before, random);
        toA.weather(FaultyLink.Weather.FAIR);
        awaitWritable();
        try (S3HttpClient reader = new S3HttpClient(a.port())) {
            for (KillLoad load : loads) {
                load.verify(reader, false);
            }
        }
        return position;
    }

    private static void run(KillLoad load, S3HttpClient client, Queue<Throwable> failures) {
        try {
            load.run(client);
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private static void rest(long ms) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private void awaitWritable() {
        try (S3HttpClient client = new S3HttpClient(a.port())) {
            Eventually.holds("A takes changes", CATCH_UP, () -> puts(client, "/plain/probe"));
        }
    }

    private static boolean puts(S3HttpClient client, String target) {
        try {
            return client.put(target, new byte[] {1}).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpPrimary directly(ServerProcess server) {
        return HttpPrimary.of(new ReplicaState.Peer(server.endpoint(), token), directory);
    }

    private long assertPrefix(long before, Random random) {
        try (HttpPrimary first = directly(a);
                HttpPrimary second = directly(b)) {
            PeerReport standby = second.report();
            assertEquals(first.chainAt(standby.endPosition()), standby.endChain());
            for (int i = 0; i < POSITIONS && standby.endPosition() > 0; i++) {
                long position = 1 + random.nextLong(standby.endPosition());
                assertEquals(first.chainAt(position), second.chainAt(position));
            }
            assertTrue(
                    standby.endPosition() >= before,
                    () -> "it began anew: %d, was %d".formatted(standby.endPosition(), before));
            return standby.endPosition();
        }
    }

    private void awaitCaughtUp(ServerProcess behind, ServerProcess ahead) {
        try (HttpPrimary first = directly(ahead);
                HttpPrimary second = directly(behind)) {
            Eventually.holds(
                    "the standby catches up",
                    CATCH_UP,
                    () -> second.report().endChain().equals(first.report().endChain()));
        }
    }

    private void assertEverythingIsThere(List<KillLoad> loads) throws Exception {
        awaitCaughtUp(b, a);
        int acknowledged = 0;
        try (S3HttpClient client = new S3HttpClient(b.port())) {
            for (KillLoad load : loads) {
                load.verify(client, true);
                acknowledged += load.acknowledged();
            }
            HttpResponse<byte[]> refused = client.put("/plain/probe", new byte[] {2});
            assertEquals(405, refused.statusCode());
        }
        assertTrue(acknowledged > ROUNDS, "the load did nothing: " + acknowledged);
    }

    /** Kills the primary under load; prints what the takeover took and what it lost. */
    private void failover() throws Exception {
        AtomicInteger acknowledged = new AtomicInteger();
        AtomicBoolean ended = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        S3HttpClient client = new S3HttpClient(a.port());
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            threads.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        for (int n = 0; !ended.get(); n++) {
                                            if (puts(client, "/plain/w" + writer + "-" + n)) {
                                                acknowledged.incrementAndGet();
                                            }
                                        }
                                    }));
        }
        rest(1_000);
        a.kill();
        ended.set(true);
        long began = System.nanoTime();
        try (S3HttpClient other = new S3HttpClient(b.port())) {
            CommandRun promoted =
                    CommandRun.of(
                            "dr", "promote", "--force", "--data", data("b"), "--url", b.endpoint());
            assertEquals(0, promoted.exitCode(), promoted.output());
            Eventually.holds("B takes changes", CATCH_UP, () -> puts(other, "/plain/after"));
        }
        long rtoMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        client.close();
        for (Thread thread : threads) {
            thread.join();
        }
        a = start("a", toA);
        awaitCaughtUp(a, b);
        List<SetAside> aside = SetAside.list(Path.of(data("a")).resolve(SetAside.DIRECTORY));
        long lost = aside.stream().mapToLong(each -> each.last() - each.first() + 1).sum();
        System.Logger log = System.getLogger(PairUnderFaultsTest.class.getName());
        log.log(
                System.Logger.Level.INFO,
                "failover under {0} writers: RTO {1} ms, RPO {2} records of {3} writes",
                WRITERS,
                rtoMs,
                lost,
                acknowledged.get());
        assertTrue(rtoMs < RTO_MS_MAX, "RTO " + rtoMs + " ms");
    }

    private String data(String site) {
        return directory.resolve(site).toString();
    }

    private String lastOfLog(String site) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve(site + ".log"));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }
}
