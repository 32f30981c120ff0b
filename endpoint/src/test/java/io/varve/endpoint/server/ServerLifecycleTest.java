package io.varve.endpoint.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

final class ServerLifecycleTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    private HttpResponse waitForRelease(HttpRequest request) {
        entered.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
        return HttpResponse.status(200).build();
    }

    @Test
    void stopFinishesTheRequestInFlightAndClosesTheIdle() throws Exception {
        try (TestServer server = new TestServer(this::waitForRelease);
                RawClient busy = server.connect();
                RawClient idle = server.connect()) {
            busy.send(GET);
            entered.await();
            assertEquals(1, server.server().inFlight());
            InetSocketAddress address = server.server().address("http");
            CompletableFuture<Boolean> drained =
                    CompletableFuture.supplyAsync(
                            () -> server.server().stop(Duration.ofSeconds(15)));
            assertTrue(idle.closedByServer());
            awaitRefusal(address);
            release.countDown();
            RawClient.Response last = busy.response();
            assertEquals(200, last.status());
            assertEquals("close", last.header("connection"));
            assertTrue(busy.closedByServer());
            assertTrue(drained.get());
        }
    }

    /** Idle connections may be closed a moment before the address is given up. */
    private static void awaitRefusal(InetSocketAddress address) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < deadline) {
            try (RawClient _ = new RawClient(address)) {
                LockSupport.parkNanos(5_000_000);
            } catch (ConnectException _) {
                return;
            }
        }
        fail("still listening");
    }

    @Test
    void stopDoesNotInterruptARequestThatOutlivesTheDrain() throws Exception {
        try (TestServer server = new TestServer(this::waitForRelease);
                RawClient busy = server.connect()) {
            busy.send(GET);
            entered.await();
            assertFalse(server.server().stop(Duration.ofMillis(50)));
            release.countDown();
            // It could not be answered, but it ran to its end.
            assertFalse(server.nextExchange().complete());
        }
    }

    /** Before the listener is there; who connects earlier would be cut off. */
    @Test
    void nobodyCanConnectWhileTheAddressIsTried() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (SocketChannel held = Listening.hold(any)) {
            InetSocketAddress address = (InetSocketAddress) held.getLocalAddress();
            assertThrows(ConnectException.class, () -> new RawClient(address).close());
        }
    }

    @Test
    void addressInUseIsNamed() {
        try (TestServer server = new TestServer(_ -> HttpResponse.status(200).build())) {
            InetSocketAddress taken = server.server().address("http");
            HttpListener second =
                    new HttpListener("http", taken, null, _ -> HttpResponse.status(200).build());
            ListenException e =
                    assertThrows(
                            ListenException.class,
                            () ->
                                    HttpServer.start(
                                            List.of(second),
                                            HttpLimits.DEFAULT,
                                            ExchangeObserver.NONE));
            String message = String.valueOf(e.getMessage());
            assertTrue(message.contains(":" + taken.getPort()), message);
            assertTrue(message.contains("in use"), message);
        }
    }

    @Test
    void connectionsBeyondTheLimitGet503AndRoomIsGivenBack() throws IOException {
        HttpLimits two = new HttpLimits(1024, 4096, 50, 1, 2, 60_000, 5_000, 500, 1, 1_000);
        List<RawClient> clients = new ArrayList<>();
        try (TestServer server = new TestServer(_ -> HttpResponse.status(200).build(), two)) {
            for (int i = 0; i < 2; i++) {
                RawClient client = server.connect();
                clients.add(client);
                assertEquals(200, client.send(GET).response().status());
            }
            try (RawClient third = server.connect()) {
                RawClient.Response refused = third.send(GET).response();
                assertEquals(503, refused.status());
                assertEquals("1", refused.header("retry-after"));
                assertTrue(third.closedByServer());
            }
            for (RawClient client : clients) {
                client.close();
            }
            assertEquals(200, firstAnswerOnceThereIsRoom(server));
        }
    }

    private static int firstAnswerOnceThereIsRoom(TestServer server) throws IOException {
        int status = 503;
        for (int tries = 0; status == 503 && tries < 200; tries++) {
            try (RawClient client = server.connect()) {
                status = client.send(GET).response().status();
            }
        }
        return status;
    }

    @Test
    void connectionsFarBeyondTheLimitAreNotHeld() throws IOException {
        HttpLimits one = new HttpLimits(1024, 4096, 50, 1, 1, 60_000, 60_000, 500, 1, 1_000);
        List<RawClient> clients = new ArrayList<>();
        try (TestServer server = new TestServer(_ -> HttpResponse.status(200).build(), one)) {
            for (int i = 0; i < 100; i++) {
                clients.add(server.connect());
            }
            // The last ones are closed at once, without a word.
            assertTrue(clients.getLast().closedByServer());
            assertTrue(server.server().connections() <= 65, "" + server.server().connections());
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }
}
