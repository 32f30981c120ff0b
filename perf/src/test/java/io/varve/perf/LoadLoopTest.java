package io.varve.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

class LoadLoopTest {
    private final AtomicLong bytesReceived = new AtomicLong();
    private final Set<String> paths = ConcurrentHashMap.newKeySet();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    paths.add(exchange.getRequestURI().getPath());
                    bytesReceived.addAndGet(exchange.getRequestBody().readAllBytes().length);
                    byte[] answer = new byte[300_000];
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void sendsEachRequestOnceAndReadsEachAnswerWhole() throws IOException {
        S3Requests requests = new S3Requests(server.getAddress(), "key", "secret", "bucket");
        try (LoadLoop loop =
                new LoadLoop(
                        server.getAddress(), 4, requests.puts(0, LoadCommand.randomBytes(5000)))) {
            LoadResult result = loop.run(50);
            assertEquals(50, result.requests());
            assertEquals(50 * 300_000L, result.bytesRead());
            assertEquals(50, result.latencies().getTotalCount());
        }
        assertEquals(50 * 5000L, bytesReceived.get());
        assertEquals(50, paths.size());
        assertTrue(paths.contains("/bucket/o/0000000049"), paths::toString);
    }

    @Test
    void stopsAtTheFirstWrongStatus() throws IOException {
        byte[] head =
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try (LoadLoop loop =
                new LoadLoop(server.getAddress(), 2, RequestSource.repeating(204, head))) {
            IOException failure = assertThrows(IOException.class, () -> loop.run(10));
            assertTrue(failure.toString().contains("unexpected answer"), failure::toString);
        }
    }
}
