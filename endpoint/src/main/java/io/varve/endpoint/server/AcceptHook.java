package io.varve.endpoint.server;

import io.helidon.common.socket.SocketOptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The HTTP library calls its socket options with each channel it has just accepted, before the TLS
 * handshake: the one place from which a connection can be watched from its beginning.
 */
final class AcceptHook implements SocketOptions {
    private final OpenConnections connections;

    AcceptHook(OpenConnections connections) {
        this.connections = connections;
    }

    /** Throwing makes the library close the channel and go on accepting. */
    @Override
    public void configureSocket(SocketChannel channel) {
        try {
            connections.accepted(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<SocketOption<?>, Object> socketOptions() {
        return Map.of();
    }

    @Override
    public Duration connectTimeout() {
        return Duration.ofSeconds(10);
    }

    @Override
    public Duration readTimeout() {
        return Duration.ZERO;
    }

    @Override
    public Optional<Integer> socketReceiveBufferSize() {
        return Optional.empty();
    }

    @Override
    public Optional<Integer> socketSendBufferSize() {
        return Optional.empty();
    }

    @Override
    public boolean socketReuseAddress() {
        return true;
    }

    @Override
    public boolean socketKeepAlive() {
        return true;
    }

    @Override
    public boolean tcpNoDelay() {
        return true;
    }
}
