package io.varve.endpoint.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Clients that do not get on. Each test waits for the server to end the connection: it hangs (and
 * fails by the client's own timeout) when the server would wait for ever.
 */
final class SlowClientTest {
    private final TestServer server = new TestServer(this::handle, TestServer.QUICK);
    private final AtomicReference<BodyException.Reason> failure = new AtomicReference<>();

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse handle(HttpRequest request) throws IOException {
        if (request.method().equals("GET")) {
            HttpBody.Source endless =
                    out -> {
                        byte[] piece = new byte[1 << 20];
                        while (true) {
                            out.write(piece);
                        }
                    };
            return HttpResponse.status(200).body(new HttpBody.Streaming(-1, endless));
        }
        try {
            request.body().transferTo(java.io.OutputStream.nullOutputStream());
            return HttpResponse.status(200).build();
        } catch (BodyException e) {
            failure.set(e.reason());
            throw e;
        }
    }

    @Test
    void silentConnectionIsClosed() throws IOException {
        try (RawClient client = server.connect()) {
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void silentConnectionIsClosedAfterARequest() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
            assertEquals(200, client.response().status());
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void halfAHeaderIsClosed() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nX-Half: ");
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void headerThatDripsIsClosed() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n");
            Thread drip = dripUntilClosed(client, "X-A: 1\r\n");
            assertTrue(client.closedByServer());
            drip.join();
        }
    }

    @Test
    void stalledBodyIsAnsweredAndClosed() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
            RawClient.Response response = client.response();
            assertEquals(408, response.status());
            assertEquals("close", response.header("connection"));
            assertTrue(client.closedByServer());
            assertEquals(BodyException.Reason.TIMED_OUT, failure.get());
        }
    }

    @Test
    void bodyThatDripsIsAnsweredAndClosed() throws Exception {
        Thread drip;
        try (RawClient client = server.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
            drip = dripUntilClosed(client, "x");
            assertEquals(408, client.response().status());
        }
        drip.join();
    }

    @Test
    void clientThatDoesNotReadIsDisconnected() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            ExchangeObserver.Exchange exchange = server.nextExchange();
            assertFalse(exchange.complete());
        }
    }

    @Test
    void clientThatVanishesInTheBodyIsNoticed() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
        }
        ExchangeObserver.Exchange exchange = server.nextExchange();
        assertEquals(0, exchange.status());
        assertEquals(4, exchange.bytesIn());
        assertEquals(BodyException.Reason.DISCONNECTED, failure.get());
    }

    @Test
    void clientThatVanishesInAChunkedBodyIsNoticed() throws Exception {
        try (RawClient client = server.connect()) {
            client.send(
                    "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        }
        assertEquals(0, server.nextExchange().status());
        assertEquals(BodyException.Reason.DISCONNECTED, failure.get());
    }

    @Test
    void bodyOverTheLimitIsRefused() throws IOException {
        for (String framing :
                new String[] {
                    "Content-Length: 2000000\r\n\r\n",
                    "Transfer-Encoding: chunked\r\n\r\n1E8480\r\n"
                }) {
            try (RawClient client = server.connect()) {
                client.send("PUT / HTTP/1.1\r\nHost: h\r\n" + framing);
                assertEquals(413, client.response().status());
                assertEquals(BodyException.Reason.TOO_LARGE, failure.get());
            }
        }
    }

    @Test
    void handlerMayTakeLongerThanEveryTimeout() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        HttpHandler slow =
                _ -> {
                    try {
                        boolean _ = never.await(3, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return HttpResponse.status(200).build();
                };
        try (TestServer other = new TestServer(slow, TestServer.QUICK);
                RawClient client = other.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals(200, client.response().status());
        }
    }

    private static Thread dripUntilClosed(RawClient client, String drop) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            CountDownLatch pause = new CountDownLatch(1);
                            try {
                                for (int i = 0; i < 1000; i++) {
                                    client.send(drop);
                                    boolean _ = pause.await(50, TimeUnit.MILLISECONDS);
                                }
                            } catch (IOException _) {
                                // The server has closed: the end of the drip.
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        });
    }
}
