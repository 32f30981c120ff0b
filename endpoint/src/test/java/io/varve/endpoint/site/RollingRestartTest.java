package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The whole cluster but its brokers is restarted, process by process, behind the HAProxy of {@code
 * docs/operations/haproxy.cfg}, under load: no request fails. Needs {@code haproxy}, on the path or
 * where {@code -Dvarve.haproxy} says.
 */
@Tag("slow")
final class RollingRestartTest {
    private static final Path CONFIG = Path.of("..", "docs", "operations", "haproxy.cfg");
    private static final int CLIENTS = 3;
    private static final long SETTLE_MS = 4_000;

    @TempDir Path directory;

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger answered = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @Test
    void noRequestFailsWhileEachProcessIsRestarted() throws Exception {
        assumeTrue(Integer.getInteger("varve.slow.percent", 100) >= 100);
        assertTrue(Files.isExecutable(haproxy()), "there is no " + haproxy());
        try (TestCluster cluster = TestCluster.start(directory, 1)) {
            int port = freePort();
            Process proxy = startProxy(cluster, port);
            try (S3HttpClient client = new S3HttpClient(port)) {
                awaitReady(client);
                assertEquals(200, client.put("/rolling", new byte[0]).statusCode());
                List<Thread> load = startLoad(client);
                for (List<NodeProcess> kind : List.of(cluster.endpoints, cluster.storage)) {
                    for (NodeProcess each : kind) {
                        assertEquals(0, each.stop(), each::log);
                        each.restart();
                        each.awaitOpen();
                        pause(SETTLE_MS);
                    }
                }
                stopped.set(true);
                for (Thread thread : load) {
                    thread.join();
                }
            } finally {
                proxy.destroy();
                proxy.waitFor(10, TimeUnit.SECONDS);
            }
            System.getLogger(getClass().getName())
                    .log(System.Logger.Level.INFO, "answered {0}", answered);
            assertEquals(List.of(), List.copyOf(failures), cluster::logs);
            assertTrue(answered.get() > 100, "the load did nothing: " + answered);
        }
    }

    private static Path haproxy() {
        return Path.of(System.getProperty("varve.haproxy", "/usr/sbin/haproxy"));
    }

    private Process startProxy(TestCluster cluster, int port) throws IOException {
        String config =
                Files.readString(CONFIG)
                        .replace("0.0.0.0:80", "127.0.0.1:" + port)
                        .replace("10.0.0.11:9000", "127.0.0.1:" + cluster.endpoints.get(0).port())
                        .replace("10.0.0.12:9000", "127.0.0.1:" + cluster.endpoints.get(1).port());
        Path file = directory.resolve("haproxy.cfg");
        Files.writeString(file, config);
        return new ProcessBuilder(haproxy().toString(), "-db", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("haproxy.log").toFile())
                .start();
    }

    private static void awaitReady(S3HttpClient client) throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            try {
                if (client.get("/").statusCode() == 200) {
                    return;
                }
            } catch (IOException _) {
                // It does not listen yet.
            }
            pause(100);
        }
        throw new IOException("the proxy does not come to serve");
    }

    private List<Thread> startLoad(S3HttpClient client) {
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < CLIENTS; number++) {
            String prefix = "/rolling/c" + number + "-";
            threads.add(Thread.ofPlatform().daemon().start(() -> run(client, prefix)));
        }
        return threads;
    }

    private void run(S3HttpClient client, String prefix) {
        for (int turn = 0; !stopped.get(); turn++) {
            String target = prefix + turn % 10;
            String value = "value-" + turn;
            try {
                expect(client.put(target, value.getBytes(StandardCharsets.UTF_8)), "PUT", null);
                expect(client.get(target), "GET", value);
            } catch (IOException e) {
                failures.add(e.toString());
            }
            pause(20);
        }
    }

    private void expect(HttpResponse<byte[]> response, String what, @Nullable String value) {
        String text = new String(response.body(), StandardCharsets.UTF_8);
        if (response.statusCode() != 200 || (value != null && !text.equals(value))) {
            failures.add("%s: %d %s".formatted(what, response.statusCode(), text));
        } else {
            answered.incrementAndGet();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void pause(long ms) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }
}
