package io.varve.endpoint.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** What a response looks like on the wire. */
final class ResponseFormTest {
    private static final byte[] BODY = "0123456789".getBytes(StandardCharsets.UTF_8);

    private final AtomicInteger closed = new AtomicInteger();
    private final TestServer server = new TestServer(this::handle);

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse handle(HttpRequest request) {
        HttpResponse.Builder ok = HttpResponse.status(200).header("ETag", "\"x\"");
        return switch (request.rawPath()) {
            case "/bytes" -> ok.body(BODY);
            case "/stream" -> ok.body(streaming(10, out -> out.write(BODY)));
            case "/unknown" -> ok.body(streaming(-1, ResponseFormTest::threeTimes));
            case "/length" -> ok.body(new HttpBody.LengthOnly(64L << 20));
            case "/short" -> ok.body(streaming(1000, out -> writeAndFlush(out, BODY)));
            case "/long" -> ok.body(streaming(5, out -> out.write(BODY)));
            case "/breaks" -> ok.body(streaming(1000, ResponseFormTest::breaks));
            case "/fails" -> ok.body(streaming(1000, _ -> fails()));
            case "/204" -> HttpResponse.status(204).body(BODY);
            case "/304" -> HttpResponse.status(304).header("ETag", "\"x\"").body(BODY);
            case "/split" -> ok.header("X-A", "a\r\nX-Evil: 1\r\n\r\n<body>").body(BODY);
            case "/utf8" -> ok.header("X-A", "grün").body(BODY);
            case "/framing" -> ok.header("Content-Length", "3").body(BODY);
            case "/throws" -> throw new IllegalStateException("secret detail");
            default -> HttpResponse.status(404).build();
        };
    }

    private HttpBody streaming(long length, HttpBody.Source source) {
        return new HttpBody.Streaming(
                length,
                new HttpBody.Source() {
                    @Override
                    public void writeTo(OutputStream out) throws IOException {
                        source.writeTo(out);
                    }

                    @Override
                    public void close() {
                        closed.incrementAndGet();
                    }
                });
    }

    private static void threeTimes(OutputStream out) throws IOException {
        out.write(BODY);
        out.flush();
        out.write(new byte[20_000]);
        out.write(BODY);
    }

    private static void writeAndFlush(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    private static void breaks(OutputStream out) throws IOException {
        writeAndFlush(out, BODY);
        throw new IOException("the device is gone");
    }

    private static void fails() throws IOException {
        throw new IOException("the device is gone");
    }

    private static String request(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }

    @Test
    void bytesHaveTheirLengthAndADate() throws IOException {
        try (RawClient client = server.connect()) {
            RawClient.Response response = client.send(request("GET", "/bytes")).response();
            assertEquals("HTTP/1.1 200 OK", response.statusLine());
            assertArrayEquals(BODY, response.body());
            assertNotNull(response.header("date"));
            assertTrue(response.headers().contains("ETag: \"x\""), "spelling is kept");
        }
    }

    @Test
    void headHasTheLengthOfGetAndNoBody() throws IOException {
        try (RawClient client = server.connect()) {
            for (String path : new String[] {"/bytes", "/stream"}) {
                RawClient.Response head = client.send(request("HEAD", path)).head();
                assertEquals("10", head.header("content-length"), path);
            }
            RawClient.Response large = client.send(request("HEAD", "/length")).head();
            assertEquals(Long.toString(64L << 20), large.header("content-length"));
            RawClient.Response unknown = client.send(request("HEAD", "/unknown")).head();
            assertNull(unknown.header("content-length"));
            // Whatever had followed a head would be taken for this response.
            assertEquals(200, client.send(request("GET", "/bytes")).response().status());
        }
        assertEquals(2, closed.get(), "sources of HEAD are closed, too");
    }

    @Test
    void unknownLengthIsChunked() throws IOException {
        try (RawClient client = server.connect()) {
            RawClient.Response response = client.send(request("GET", "/unknown")).response();
            assertEquals("chunked", response.header("transfer-encoding"));
            assertEquals(20_020, response.body().length);
            assertEquals(200, client.send(request("GET", "/bytes")).response().status());
        }
    }

    @Test
    void unknownLengthEndsWithTheConnectionInHttp10() throws IOException {
        try (RawClient client = server.connect()) {
            RawClient.Response response = client.send("GET /unknown HTTP/1.0\r\n\r\n").response();
            assertNull(response.header("transfer-encoding"));
            assertEquals(20_020, response.body().length);
        }
    }

    @Test
    void noContentAndNotModifiedHaveNeitherLengthNorBody() throws IOException {
        try (RawClient client = server.connect()) {
            for (String path : new String[] {"/204", "/304"}) {
                RawClient.Response response = client.send(request("GET", path)).response();
                assertNull(response.header("content-length"), path);
                assertNull(response.header("transfer-encoding"), path);
            }
            assertEquals(200, client.send(request("GET", "/bytes")).response().status());
        }
    }

    @Test
    void emptyBodyHasLengthZero() throws IOException {
        try (RawClient client = server.connect()) {
            assertEquals(
                    "0", client.send(request("GET", "/x")).response().header("content-length"));
        }
    }

    @Test
    void shortBodyBreaksTheConnection() throws Exception {
        for (String path : new String[] {"/short", "/breaks"}) {
            try (RawClient client = server.connect()) {
                client.send(request("GET", path));
                assertThrows(EOFException.class, () -> responseOrEnd(client), path);
            }
            ExchangeObserver.Exchange exchange = server.nextExchange();
            assertFalse(exchange.complete());
        }
        assertEquals(2, closed.get());
    }

    private static void responseOrEnd(RawClient client) throws IOException {
        try {
            client.response();
        } catch (java.net.SocketException _) {
            throw new EOFException("reset");
        }
    }

    @Test
    void failureBeforeTheFirstByteIsAnError() throws Exception {
        for (String path : new String[] {"/fails", "/long", "/framing", "/throws"}) {
            try (RawClient client = server.connect()) {
                RawClient.Response response = client.send(request("GET", path)).response();
                assertEquals(500, response.status(), path);
                assertFalse(response.text().contains("secret"), path);
                assertTrue(client.closedByServer());
            }
            assertEquals(500, server.nextExchange().status());
        }
    }

    @Test
    void noHeaderValueCanSplitTheResponse() throws IOException {
        try (RawClient client = server.connect()) {
            RawClient.Response response = client.send(request("GET", "/split")).response();
            assertNull(response.header("x-evil"));
            assertArrayEquals(BODY, response.body());
            assertEquals("a  X-Evil: 1    <body>", response.header("x-a"));
        }
    }

    @Test
    void headerValuesAreUtf8() throws IOException {
        try (RawClient client = server.connect()) {
            RawClient.Response response = client.send(request("GET", "/utf8")).response();
            String value = assertNotNull2(response.header("x-a"));
            assertEquals(
                    "grün",
                    new String(
                            value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        }
    }

    private static String assertNotNull2(@org.jspecify.annotations.Nullable String value) {
        assertNotNull(value);
        return value;
    }
}
