package io.varve.endpoint.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
    /** For clients that were just answered, to read the answer and close. */
    private static final Duration FAREWELL = Duration.ofMillis(500);

    private static final long POLL_NANOS = 5_000_000;
    private static final long WATCH_NANOS = 2_000_000_000;

    /** Held, since the logging system forgets the settings of a logger that nobody holds. */
    private static final Logger LIBRARY_LOG = Logger.getLogger("io.helidon");

    static {
        if (LIBRARY_LOG.getLevel() == null) {
            // Its INFO tells of starts and stops, which this program tells of itself.
            LIBRARY_LOG.setLevel(Level.WARNING);
        }
    }

    private final List<Listening> listening = new CopyOnWriteArrayList<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Thread watch =
            Thread.ofPlatform().daemon().name("listener-watch").unstarted(this::watch);

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
            server.watch.start();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void listen(
            HttpListener listener, HttpLimits limits, ExchangeObserver observer, RequestIds ids) {
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
        try {
            listening.add(Listening.open(listener, context));
        } catch (RuntimeException e) {
            connections.close();
            throw e;
        }
    }

    private void watch() {
        while (!stop.get()) {
            LockSupport.parkNanos(this, WATCH_NANOS);
            for (Listening each : listening) {
                if (!stop.get()) {
                    each.reopenIfLost();
                }
            }
        }
    }

    /** Where a listener really listens (its configured port may be 0). */
    public InetSocketAddress address(String listenerName) {
        for (Listening each : listening) {
            if (each.name().equals(listenerName)) {
                return each.address();
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
        return listening.stream().mapToInt(each -> each.connections().count()).sum();
    }

    /**
     * Accepts nothing more, lets requests in flight finish, and closes every connection. A request
     * that is still running after that is left to itself; it is not interrupted.
     *
     * @return whether all requests were answered within the time
     */
    public boolean stop(Duration drain) {
        stop.set(true);
        endWatch();
        List<Thread> stopping = new ArrayList<>();
        for (Listening each : listening) {
            Thread.Builder thread = Thread.ofPlatform().daemon().name("stop-" + each.name());
            stopping.add(thread.start(each::stop));
        }
        boolean drained = waitUntil(() -> inFlight.get() == 0, drain);
        boolean _ = waitUntil(() -> connections() == 0, FAREWELL);
        listening.forEach(each -> each.connections().close());
        boolean _ = waitUntil(() -> stopping.stream().noneMatch(Thread::isAlive), FAREWELL);
        return drained;
    }

    /** Or it might listen anew on what is being given up. */
    private void endWatch() {
        LockSupport.unpark(watch);
        boolean interrupted = false;
        while (watch.isAlive()) {
            try {
                watch.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean waitUntil(BooleanSupplier condition, Duration atMost) {
        long endNanos = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() >= endNanos) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    @Override
    public void close() {
        boolean _ = stop(Duration.ZERO);
    }
}
