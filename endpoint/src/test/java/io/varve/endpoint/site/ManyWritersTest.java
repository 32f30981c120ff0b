package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.history.Linearizability;
import io.varve.endpoint.history.Operation;
import io.varve.endpoint.history.Operation.Action;
import io.varve.journal.kafka.KafkaJournalConfig;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Two endpoints' writers and views on one journal, with clients at both, while brokers are killed
 * and paused and endpoints end and begin again: whatever the clients were told is explained by one
 * order of their operations.
 *
 * <p>With {@code -Dvarve.slow.percent} below 100 there is one broker instead of three, and one
 * endpoint is all that fails.
 */
@Tag("slow")
final class ManyWritersTest {
    private static final boolean WHOLE = Integer.getInteger("varve.slow.percent", 100) >= 100;
    private static final int BROKERS = WHOLE ? 3 : 1;
    private static final int FAULTS = WHOLE ? 8 : 1;
    private static final long LAST_PAUSE_MS = WHOLE ? 8_000 : 2_000;
    private static final int CLIENTS = 6;
    private static final int KEYS = 3;

    /** So that the search stays small; it grows with what overlaps, not with this. */
    private static final long PAUSE_BETWEEN_OPERATIONS_MS = 15;

    private static final long PAUSE_AFTER_A_FAILURE_MS = 400;

    private final long seed = Long.getLong("varve.seed", System.nanoTime());
    private final ConcurrentLinkedQueue<Operation> history = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();

    @TempDir Path directory;

    @Test
    void clientsOfTwoEndpointsSeeOneOrderWhileBrokersAndEndpointsFail() throws Exception {
        try (TestBrokers brokers = TestBrokers.start(directory.resolve("brokers"), BROKERS);
                JournalEndpoint one = endpoint(brokers, "one");
                JournalEndpoint two = endpoint(brokers, "two")) {
            long bucketId = one.createBucket();
            List<JournalEndpoint> endpoints = List.of(one, two);
            CountDownLatch ended = new CountDownLatch(CLIENTS);
            for (int client = 0; client < CLIENTS; client++) {
                SplittableRandom random = new SplittableRandom(seed + client);
                JournalEndpoint endpoint = endpoints.get(client % 2);
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    runClient(endpoint, bucketId, random);
                                    ended.countDown();
                                });
            }
            fail(brokers, endpoints, new SplittableRandom(seed));
            stopped.set(true);
            assertTrue(ended.await(60, TimeUnit.SECONDS), "clients do not end");
            long end = one.confirmedEnd();
            assertEquals(end, two.confirmedEnd());
            assertArrayEquals(one.chainHash(end), two.chainHash(end));
        }
        List<Operation> all = List.copyOf(history);
        long answered = all.stream().filter(Operation::answered).count();
        System.getLogger(getClass().getName())
                .log(
                        System.Logger.Level.INFO,
                        "operations {0}, answered {1}, longest without any {2} ms, seed {3}",
                        all.size(),
                        answered,
                        longestSilenceMs(all),
                        seed);
        assertTrue(answered > 100, "answered: " + answered + ", seed " + seed);
        assertTrue(Linearizability.holds(all), "no order explains it: seed " + seed);
    }

    private JournalEndpoint endpoint(TestBrokers brokers, String name) {
        KafkaJournalConfig config =
                KafkaJournalConfig.of(brokers.bootstrap(), new UUID(1, 2), directory.resolve(name))
                        .withReplicas(BROKERS, BROKERS / 2 + 1)
                        .withAppendTimeout(Duration.ofSeconds(4));
        return new JournalEndpoint(config, directory.resolve(name + "-view"));
    }

    private void runClient(JournalEndpoint endpoint, long bucketId, SplittableRandom random) {
        String seen = "";
        while (!stopped.get()) {
            String key = "k" + random.nextInt(KEYS);
            String value = Long.toHexString(random.nextLong());
            Action action =
                    switch (random.nextInt(8)) {
                        case 0 -> new Action.Put(key, value, null);
                        case 1, 2 -> new Action.Put(key, value, seen);
                        case 3 -> new Action.Delete(key);
                        case 4 -> new Action.ListAll();
                        default -> new Action.Read(key);
                    };
            Operation operation = endpoint.perform(bucketId, action);
            history.add(operation);
            if (!operation.answered()) {
                pause(PAUSE_AFTER_A_FAILURE_MS);
            }
            if (operation.result() instanceof Operation.Result.Value read) {
                seen = read.value();
            }
            pause(PAUSE_BETWEEN_OPERATIONS_MS);
        }
    }

    private void fail(TestBrokers brokers, List<JournalEndpoint> endpoints, SplittableRandom random)
            throws IOException {
        for (int fault = 0; fault < FAULTS; fault++) {
            pause(1_500);
            int node = 1 + random.nextInt(BROKERS);
            switch (fault % 4) {
                case 1 -> {
                    brokers.kill(node);
                    pause(5_000);
                    brokers.restartKilled();
                }
                case 0, 2 -> endpoints.get(random.nextInt(2)).restart();
                default -> {
                    brokers.signal(node, "STOP");
                    pause(6_000);
                    brokers.signal(node, "CONT");
                }
            }
        }
        pause(LAST_PAUSE_MS);
    }

    private static long longestSilenceMs(List<Operation> all) {
        long[] answers =
                all.stream()
                        .filter(Operation::answered)
                        .mapToLong(Operation::returnedNanos)
                        .sorted()
                        .toArray();
        long longest = 0;
        for (int i = 1; i < answers.length; i++) {
            longest = Math.max(longest, answers[i] - answers[i - 1]);
        }
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }

    private static void pause(long milliseconds) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(milliseconds));
    }
}
