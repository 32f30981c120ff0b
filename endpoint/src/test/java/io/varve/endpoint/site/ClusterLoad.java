package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A client of a cluster that alone writes some keys: it writes at one endpoint, reads at the other,
 * and when one does not answer, or with 5xx, goes to the other. What it reads must be what it was
 * told last, or what it asked for since and was told nothing of.
 */
final class ClusterLoad {
    private static final String BUCKET = "/cluster-load";
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int KEYS = 20;
    private static final int LARGE_BYTES = 100_000;
    private static final long PAUSE_NANOS = 20_000_000;
    private static final long LONG_PAUSE_NANOS = 100_000_000;
    private static final int FINAL_ATTEMPTS = 100;

    private final int client;
    private final List<S3HttpClient> endpoints = new ArrayList<>();
    private final Thread thread;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;

    /** What may be there: the newest last; only what was asked for since the first. */
    private final Map<String, List<String>> possible = new TreeMap<>();

    private int turn;
    private int acknowledged;
    private long longestSilenceNanos;

    ClusterLoad(TestCluster cluster, int client) {
        this.client = client;
        cluster.endpoints.forEach(each -> endpoints.add(new S3HttpClient(each.port(), TIMEOUT)));
        this.thread = Thread.ofPlatform().name("load-" + client).daemon().unstarted(this::run);
    }

    void createBucket() throws IOException {
        assertEquals(200, endpoints.getFirst().put(BUCKET, new byte[0]).statusCode());
        assertEquals(200, endpoints.getLast().get(BUCKET).statusCode());
    }

    void start() {
        thread.start();
    }

    /** Waits for what it is doing. */
    void end() throws InterruptedException {
        ended = true;
        thread.join();
        Throwable reason = failure;
        if (reason != null) {
            throw new AssertionError("client " + client + ": " + reason.getMessage(), reason);
        }
    }

    int acknowledged() {
        return acknowledged;
    }

    /** Between two answers that were no refusals. */
    long longestSilenceMs() {
        return longestSilenceNanos / 1_000_000;
    }

    private void run() {
        try {
            while (!ended) {
                step();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    private void step() {
        turn++;
        String key = "c%d-%d".formatted(client, turn % KEYS);
        // Some of several blobs, some of one.
        String value = turn % 7 == 0 ? large(turn) : "value-" + turn;
        List<String> values = possible.computeIfAbsent(key, _ -> new ArrayList<>(List.of("")));
        values.add(value);
        HttpResponse<byte[]> put = answered("PUT", key, value, turn);
        if (put == null) {
            return;
        }
        assertEquals(200, put.statusCode(), () -> text(put));
        acknowledged++;
        values.clear();
        values.add(value);
        HttpResponse<byte[]> get = answered("GET", key, "", turn + 1);
        if (get != null) {
            assertPossible(key, get);
        }
    }

    private static String large(int turn) {
        return ("large-" + turn + "-").repeat(LARGE_BYTES / 10);
    }

    private void assertPossible(String key, HttpResponse<byte[]> get) {
        String found = get.statusCode() == 404 ? "" : text(get);
        List<String> expected = possible.getOrDefault(key, List.of());
        assertTrue(
                expected.contains(found),
                () ->
                        "%s is %s, which it was not to be: %s"
                                .formatted(
                                        key,
                                        brief(found),
                                        expected.stream().map(ClusterLoad::brief).toList()));
    }

    private static String brief(String value) {
        return value.substring(0, Math.min(20, value.length()));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** Asks one endpoint after the other until one answers, or the load ends: then null. */
    private @Nullable HttpResponse<byte[]> answered(
            String method, String key, String body, int first) {
        long began = System.nanoTime();
        for (int attempt = 0; !ended || attempt < 1; attempt++) {
            S3HttpClient endpoint = endpoints.get((first + attempt) % endpoints.size());
            try {
                HttpResponse<byte[]> answer =
                        endpoint.send(
                                method,
                                BUCKET + "/" + key,
                                Map.of(),
                                body.getBytes(StandardCharsets.UTF_8));
                if (answer.statusCode() < 500) {
                    longestSilenceNanos = Math.max(longestSilenceNanos, System.nanoTime() - began);
                    return answer;
                }
            } catch (IOException _) {
                // It is not there, or does not answer: the other one is asked.
            }
            LockSupport.parkNanos(LONG_PAUSE_NANOS);
        }
        return null;
    }

    /** After the load: each endpoint has everything. */
    void requireAllAtEach() throws IOException {
        for (S3HttpClient endpoint : endpoints) {
            for (String key : possible.keySet()) {
                assertPossible(key, settled(endpoint, key));
            }
        }
        endpoints.forEach(S3HttpClient::close);
    }

    private static HttpResponse<byte[]> settled(S3HttpClient endpoint, String key)
            throws IOException {
        IOException last = new IOException("503");
        for (int attempt = 0; attempt < FINAL_ATTEMPTS; attempt++) {
            try {
                HttpResponse<byte[]> answer = endpoint.get(BUCKET + "/" + key);
                if (answer.statusCode() < 500) {
                    return answer;
                }
                last = new IOException(text(answer));
            } catch (IOException e) {
                last = e;
            }
            LockSupport.parkNanos(LONG_PAUSE_NANOS);
        }
        throw last;
    }
}
