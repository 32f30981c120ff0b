package io.varve.endpoint.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** When a connection goes on, when it ends, and that no body is ever taken for a request. */
final class ConnectionReuseTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final TestServer server = new TestServer(this::handle);

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse handle(HttpRequest request) throws IOException {
        seen.add(request.method() + " " + request.rawPath());
        return switch (request.rawPath()) {
            case "/read" -> {
                byte[] body = request.body().readAllBytes();
                yield HttpResponse.status(200).body(body);
            }
            case "/refuse" -> HttpResponse.status(403).body("no".getBytes(StandardCharsets.UTF_8));
            case "/close" -> HttpResponse.status(200).closeConnection().build();
            default -> HttpResponse.status(200).build();
        };
    }

    @Test
    void servesPipelinedRequestsInOrder() throws IOException {
        try (RawClient client = server.connect()) {
            client.send(
                    "PUT /read HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
                            + "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
                            + "GET /b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertEquals("abc", client.response().text());
            assertEquals(200, client.response().status());
            RawClient.Response last = client.response();
            assertEquals("close", last.header("connection"));
            assertTrue(client.closedByServer());
            assertEquals(List.of("PUT /read", "GET /a", "GET /b"), seen);
        }
    }

    @Test
    void clientSetConnectionCloseEndsTheConnectionEvenWithAnUnreadBody() throws IOException {
        try (RawClient client = server.connect()) {
            client.send(
                    "PUT /refuse HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: "
                            + SMUGGLED.length()
                            + "\r\n\r\n"
                            + SMUGGLED
                            + SMUGGLED);
            assertEquals(403, client.response().status());
            assertTrue(client.closedByServer());
            assertEquals(List.of("PUT /refuse"), seen);
        }
    }

    @Test
    void serverSetConnectionCloseEndsTheConnection() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("GET /close HTTP/1.1\r\nHost: h\r\n\r\n" + SMUGGLED);
            assertEquals("close", client.response().header("connection"));
            assertTrue(client.closedByServer());
            assertEquals(List.of("GET /close"), seen);
        }
    }

    @Test
    void smallUnreadBodyIsSkippedAndTheNextRequestServed() throws IOException {
        try (RawClient client = server.connect()) {
            client.send(
                    "PUT /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: "
                            + SMUGGLED.length()
                            + "\r\n\r\n"
                            + SMUGGLED
                            + "GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
            RawClient.Response refused = client.response();
            assertEquals(403, refused.status());
            assertNull(refused.header("connection"));
            assertEquals(200, client.response().status());
            assertEquals(List.of("PUT /refuse", "GET /next"), seen);
        }
    }

    @Test
    void largeUnreadBodyEndsTheConnectionInsteadOfBeingDrained() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("PUT /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 500000000\r\n\r\n");
            client.send(new byte[1 << 20]);
            RawClient.Response refused = client.response();
            assertEquals(403, refused.status());
            assertEquals("close", refused.header("connection"));
            client.endOutput();
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void clientThatIsStillSendingReadsTheRefusal() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("PUT /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 50000000\r\n\r\n");
            byte[] piece = new byte[1 << 16];
            for (int i = 0; i < 64; i++) {
                client.send(piece);
            }
            assertEquals(403, client.response().status());
        }
    }

    @Test
    void unreadChunkedBodyEndsTheConnection() throws IOException {
        try (RawClient client = server.connect()) {
            client.send(
                    "PUT /refuse HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "5\r\nhello\r\n0\r\n\r\n"
                            + SMUGGLED);
            assertEquals("close", client.response().header("connection"));
            assertTrue(client.closedByServer());
            assertEquals(List.of("PUT /refuse"), seen);
        }
    }

    @Test
    void interimAnswerComesWithTheFirstRead() throws IOException {
        try (RawClient client = server.connect()) {
            client.send(
                    "PUT /read HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                            + "Content-Length: 2\r\n\r\n");
            assertEquals(100, client.response().status());
            client.send("ok");
            assertEquals("ok", client.response().text());
            client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals(200, client.response().status());
        }
    }

    @Test
    void interimAnswerComesForAnEmptyBodyToo() throws IOException {
        try (RawClient client = server.connect()) {
            client.send(
                    "PUT /read HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                            + "Content-Length: 0\r\n\r\n");
            assertEquals(100, client.response().status());
            assertEquals(200, client.response().status());
        }
    }

    @Test
    void refusalBeforeTheInterimAnswerEndsTheConnection() throws IOException {
        // The client may send the body all the same; nothing tells it from a next request.
        try (RawClient client = server.connect()) {
            client.send(
                    "PUT /refuse HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                            + "Content-Length: 10\r\n\r\n");
            RawClient.Response refused = client.response();
            assertEquals(403, refused.status());
            assertEquals("close", refused.header("connection"));
            client.send(SMUGGLED);
            assertTrue(client.closedByServer());
            assertEquals(List.of("PUT /refuse"), seen);
        }
    }

    @Test
    void bodySentWithoutWaitingGetsNoInterimAnswer() throws IOException {
        try (RawClient client = server.connect()) {
            client.send(
                    "PUT /read HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                            + "Content-Length: 2\r\n\r\nok");
            RawClient.Response response = client.response();
            assertEquals(200, response.status());
            assertEquals("ok", response.text());
        }
    }

    @Test
    void http10IsAnsweredAndClosed() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("GET /ten HTTP/1.0\r\n\r\n");
            RawClient.Response response = client.response();
            assertEquals(200, response.status());
            assertEquals("close", response.header("connection"));
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void largeBodyComesThroughUnchanged() throws IOException {
        byte[] body = new byte[3_000_017];
        new java.util.Random(7).nextBytes(body);
        try (RawClient client = server.connect()) {
            client.send("PUT /read HTTP/1.1\r\nHost: h\r\nContent-Length: 3000017\r\n\r\n");
            client.send(body);
            assertArrayEquals(body, client.response().body());
        }
    }
}
