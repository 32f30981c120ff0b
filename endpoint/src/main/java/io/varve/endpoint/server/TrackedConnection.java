package io.varve.endpoint.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * One accepted connection, from accept (before any TLS handshake) to close, with the moment at
 * which it is closed if it makes no progress. The deadline is set by the connection's own thread
 * and read by the {@link OpenConnections} sweeper.
 */
final class TrackedConnection {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long START_NANOS = System.nanoTime();

    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private final boolean overLimit;
    private volatile long deadlineMs;

    TrackedConnection(SocketChannel channel, boolean overLimit, int firstDeadlineMs)
            throws IOException {
        this.channel = channel;
        this.remote = (InetSocketAddress) channel.getRemoteAddress();
        this.overLimit = overLimit;
        this.deadlineMs = nowMs() + firstDeadlineMs;
    }

    /** Milliseconds on a clock that only runs forward. */
    static long nowMs() {
        return (System.nanoTime() - START_NANOS) / 1_000_000;
    }

    InetSocketAddress remote() {
        return remote;
    }

    SocketChannel channel() {
        return channel;
    }

    /** Whether it was accepted only to be told that there are too many. */
    boolean overLimit() {
        return overLimit;
    }

    void deadlineIn(int ms) {
        deadlineMs = nowMs() + ms;
    }

    void noDeadline() {
        deadlineMs = NEVER;
    }

    boolean expired(long atMs) {
        return atMs > deadlineMs;
    }

    /** How long a read may block before it fails with {@link java.net.SocketTimeoutException}. */
    void readTimeout(int ms) throws SocketException {
        channel.socket().setSoTimeout(ms);
    }

    /** Tells the client that nothing more comes, while its own bytes can still be read. */
    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    boolean open() {
        return channel.isOpen();
    }

    /** Ends it in a way the client cannot take for a regular end. */
    void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException | UnsupportedOperationException _) {
            // Already closed: nothing left to tell.
        }
        close();
    }

    /** Also wakes a thread that is blocked in a read or write of it. */
    void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // The descriptor is released all the same.
        }
    }
}
