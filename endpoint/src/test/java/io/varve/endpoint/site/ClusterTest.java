package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Two endpoints over three storage hosts and brokers, each a process: while one process at a time
 * of each kind is killed or stopped, clients go on at the endpoint that answers. What one of them
 * was told at one endpoint it reads at the other, at once and at the end.
 *
 * <p>With {@code -Dvarve.slow.percent} below 100 there is one broker, and two of the faults.
 */
@Tag("slow")
final class ClusterTest {
    private static final boolean WHOLE = Integer.getInteger("varve.slow.percent", 100) >= 100;
    private static final int BROKERS = WHOLE ? 3 : 1;
    private static final int CLIENTS = 4;
    private static final Duration UNAVAILABLE_MOST = Duration.ofSeconds(10);

    private final long seed = Long.getLong("varve.seed", System.nanoTime());

    @TempDir Path directory;

    private enum Fault {
        KILLED_STORAGE_HOST,
        STOPPED_ENDPOINT,
        STOPPED_STORAGE_HOST,
        KILLED_ENDPOINT,
        KILLED_BROKER
    }

    @Test
    void clientsLoseNothingWhileOneProcessAtATimeFails() throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        try (TestCluster cluster = TestCluster.start(directory, BROKERS)) {
            List<ClusterLoad> loads = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                loads.add(new ClusterLoad(cluster, client));
            }
            loads.getFirst().createBucket();
            loads.forEach(ClusterLoad::start);
            pause(1_000);
            for (Fault fault : WHOLE ? Fault.values() : quick()) {
                inject(fault, cluster, random);
            }
            for (ClusterLoad load : loads) {
                load.end();
            }
            int acknowledged = 0;
            long silenceMs = 0;
            for (ClusterLoad load : loads) {
                load.requireAllAtEach();
                acknowledged += load.acknowledged();
                silenceMs = Math.max(silenceMs, load.longestSilenceMs());
            }
            System.getLogger(getClass().getName())
                    .log(
                            System.Logger.Level.INFO,
                            "acknowledged {0}, longest without an answer {1} ms, seed {2}",
                            acknowledged,
                            silenceMs,
                            seed);
            assertTrue(acknowledged > 50, "the load did nothing: " + acknowledged);
            assertTrue(
                    silenceMs < UNAVAILABLE_MOST.toMillis(),
                    "unavailable for %d ms, seed %d%s".formatted(silenceMs, seed, cluster.logs()));
        } catch (AssertionError | IOException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private static Fault[] quick() {
        return new Fault[] {Fault.KILLED_STORAGE_HOST, Fault.STOPPED_ENDPOINT};
    }

    private void inject(Fault fault, TestCluster cluster, SplittableRandom random)
            throws IOException {
        long lengthMs = WHOLE ? 8_000 : 2_500;
        NodeProcess storage = cluster.storage.get(random.nextInt(TestCluster.STORAGE_HOSTS));
        NodeProcess endpoint = cluster.endpoints.get(random.nextInt(TestCluster.ENDPOINTS));
        int broker = 1 + random.nextInt(BROKERS);
        switch (fault) {
            case KILLED_STORAGE_HOST -> {
                storage.kill();
                pause(lengthMs);
                storage.restart();
                storage.awaitOpen();
            }
            case STOPPED_STORAGE_HOST -> {
                storage.signal("STOP");
                pause(lengthMs);
                storage.signal("CONT");
            }
            case KILLED_ENDPOINT -> {
                endpoint.kill();
                pause(lengthMs / 2);
                endpoint.restart();
                endpoint.awaitOpen();
            }
            case STOPPED_ENDPOINT -> {
                endpoint.signal("STOP");
                pause(lengthMs);
                endpoint.signal("CONT");
            }
            case KILLED_BROKER -> {
                cluster.brokers.kill(broker);
                pause(lengthMs);
                cluster.brokers.restartKilled();
            }
        }
        // What was away is back before the next one goes.
        pause(WHOLE ? 5_000 : 1_500);
    }

    @Test
    void anEndpointThatIsToldToStopEndsInGoodOrder() throws Exception {
        assumeTrue(WHOLE);
        try (TestCluster cluster = TestCluster.start(directory, BROKERS)) {
            for (NodeProcess each : cluster.endpoints) {
                assertEquals(0, each.stop(), each::log);
            }
            for (NodeProcess each : cluster.storage) {
                assertEquals(0, each.stop(), each::log);
            }
        }
    }

    private static void pause(long ms) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }
}
