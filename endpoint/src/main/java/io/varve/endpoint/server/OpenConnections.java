package io.varve.endpoint.server;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The accepted connections of one listener, and the thread that closes those whose deadline has
 * passed: silent ones, ones that stall in a TLS handshake or a header, clients that do not read.
 * Safe for use by many threads.
 */
final class OpenConnections implements AutoCloseable {
    /** How many beyond the limit are let in at a time to be told 503. */
    private static final int OVERFLOW = 64;

    private static final int SWEEP_INTERVAL_MS = 250;

    private final Map<SocketAddress, TrackedConnection> byRemote = new ConcurrentHashMap<>();
    private final HttpLimits limits;
    private final Thread sweeper;
    private volatile boolean closed;

    OpenConnections(String listener, HttpLimits limits) {
        this.limits = limits;
        this.sweeper =
                Thread.ofPlatform().daemon().name("sweeper-" + listener).unstarted(this::sweep);
        sweeper.start();
    }

    /**
     * Takes a connection just accepted.
     *
     * @throws IOException when there is no room even to refuse it, or it is closed already
     */
    void accepted(SocketChannel channel) throws IOException {
        int open = byRemote.size();
        if (open >= limits.maxConnections() + OVERFLOW) {
            throw new IOException("too many connections: " + open);
        }
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        TrackedConnection connection =
                new TrackedConnection(
                        channel, open >= limits.maxConnections(), limits.headTimeoutMs());
        TrackedConnection before = byRemote.put(connection.remote(), connection);
        if (before != null) {
            before.close();
        }
    }

    @Nullable TrackedConnection at(SocketAddress remote) {
        return byRemote.get(remote);
    }

    void ended(TrackedConnection connection) {
        connection.close();
        byRemote.remove(connection.remote(), connection);
    }

    int count() {
        return byRemote.size();
    }

    private void sweep() {
        while (!closed) {
            long now = TrackedConnection.nowMs();
            for (TrackedConnection connection : byRemote.values()) {
                if (!connection.open() || connection.expired(now)) {
                    ended(connection);
                }
            }
            try {
                Thread.sleep(SWEEP_INTERVAL_MS);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    /** Closes every connection that is still open. */
    @Override
    public void close() {
        closed = true;
        sweeper.interrupt();
        byRemote.values().forEach(this::ended);
    }
}
