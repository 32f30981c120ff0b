package io.varve.endpoint.server;

import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The HTTP server: HTTP/1.1 and 1.0 on one or several addresses, each request on a virtual thread.
 * Listening, TLS and threads are the library's; what is between the bytes and a handler is ours
 * (see {@link Http1Connection}). Safe for use by many threads.
 */
public final class HttpServer implements AutoCloseable {
    private static final int BACKLOG = 1024;

    /**
     * When its grace period ends, the library interrupts the threads of requests in flight; and an
     * interrupt that meets a file operation closes that file for everybody. So it never ends:
     * {@link #stop} closes the connections instead.
     */
    private static final Duration NEVER_INTERRUPT = Duration.ofDays(365);

    /** For clients that were just answered, to read the answer and close. */
    private static final Duration FAREWELL = Duration.ofMillis(500);

    private static final int POLL_MS = 5;

    /** Held, since the logging system forgets the settings of a logger that nobody holds. */
    private static final Logger LIBRARY_LOG = Logger.getLogger("io.helidon");

    static {
        if (LIBRARY_LOG.getLevel() == null) {
            // Its INFO tells of starts and stops, which this program tells of itself.
            LIBRARY_LOG.setLevel(Level.WARNING);
        }
    }

    private final List<Running> running = new ArrayList<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();

    private record Running(HttpListener listener, WebServer server, OpenConnections connections) {}

    private HttpServer() {}

    /**
     * Listens on every address before it returns, or on none.
     *
     * @throws ListenException when one cannot be listened on
     */
    public static HttpServer start(
            List<HttpListener> listeners, HttpLimits limits, ExchangeObserver observer) {
        HttpServer server = new HttpServer();
        RequestIds ids = new RequestIds();
        try {
            for (HttpListener listener : listeners) {
                server.listen(listener, limits, observer, ids);
            }
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void listen(
            HttpListener listener, HttpLimits limits, ExchangeObserver observer, RequestIds ids) {
        checkFree(listener);
        OpenConnections connections = new OpenConnections(listener.name(), limits);
        ListenerContext context =
                new ListenerContext(
                        listener.handler(),
                        limits,
                        observer,
                        connections,
                        ids,
                        listener.tls() != null,
                        inFlight,
                        stop);
        WebServerConfig.Builder builder =
                WebServer.builder()
                        .bindAddress(listener.address())
                        .backlog(BACKLOG)
                        .useNio(false)
                        .shutdownHook(false)
                        .protocolsDiscoverServices(false)
                        .addConnectionSelector(new Http1Selector(context))
                        .connectionOptions(new AcceptHook(connections))
                        .shutdownGracePeriod(NEVER_INTERRUPT);
        if (listener.tls() != null) {
            builder.tls(Tls.builder().sslContext(listener.tls()).build());
        }
        WebServer webServer = builder.build().start();
        if (!webServer.isRunning()) {
            connections.close();
            throw new ListenException(
                    "cannot listen on " + text(listener), new BindException("taken meanwhile"));
        }
        running.add(new Running(listener, webServer, connections));
    }

    /** The library only logs a failed start; so the reason is found out here. */
    private static void checkFree(HttpListener listener) {
        try (ServerSocketChannel probe = ServerSocketChannel.open()) {
            probe.bind(listener.address(), BACKLOG);
        } catch (IOException | RuntimeException e) {
            throw new ListenException(
                    "cannot listen on %s: %s".formatted(text(listener), e.getMessage()), e);
        }
    }

    private static String text(HttpListener listener) {
        InetSocketAddress address = listener.address();
        return "%s (%s:%d)".formatted(listener.name(), address.getHostString(), address.getPort());
    }

    /** Where a listener really listens (its configured port may be 0). */
    public InetSocketAddress address(String listenerName) {
        for (Running each : running) {
            if (each.listener().name().equals(listenerName)) {
                return new InetSocketAddress(
                        each.listener().address().getAddress(), each.server().port());
            }
        }
        throw new IllegalArgumentException("no listener " + listenerName);
    }

    /** Requests that have been given to a handler and not been answered to the end. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Open connections, idle ones included. */
    public int connections() {
        return running.stream().mapToInt(each -> each.connections().count()).sum();
    }

    /**
     * Accepts nothing more, lets requests in flight finish, and closes every connection. A request
     * that is still running after that is left to itself; it is not interrupted.
     *
     * @return whether all requests were answered within the time
     */
    public boolean stop(Duration drain) {
        stop.set(true);
        List<Thread> stopping = new ArrayList<>();
        for (Running each : running) {
            stopping.add(
                    Thread.ofPlatform()
                            .daemon()
                            .name("stop-" + each.listener().name())
                            .start(each.server()::stop));
        }
        boolean drained = waitUntil(() -> inFlight.get() == 0, drain);
        boolean _ = waitUntil(() -> connections() == 0, FAREWELL);
        running.forEach(each -> each.connections().close());
        boolean _ = waitUntil(() -> stopping.stream().noneMatch(Thread::isAlive), FAREWELL);
        return drained;
    }

    private static boolean waitUntil(BooleanSupplier condition, Duration atMost) {
        long endNanos = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() >= endNanos) {
                return false;
            }
            LockSupport.parkNanos(POLL_MS * 1_000_000L);
        }
        return true;
    }

    @Override
    public void close() {
        boolean _ = stop(Duration.ZERO);
    }
}
