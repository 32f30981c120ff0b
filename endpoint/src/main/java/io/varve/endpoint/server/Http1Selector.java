package io.varve.endpoint.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.Set;

/** Gives every accepted connection of a listener to {@link Http1Connection}. */
final class Http1Selector implements ServerConnectionSelector {
    private final ListenerContext listener;

    Http1Selector(ListenerContext listener) {
        this.listener = listener;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData received) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of("http/1.1");
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        SocketAddress remote = context.remotePeer().address();
        TrackedConnection tracked = listener.connections().at(remote);
        if (tracked == null) {
            throw new CloseConnectionException("closed while it was set up");
        }
        try {
            return new Http1Connection(tracked, wire(context, tracked), listener);
        } catch (IOException e) {
            throw new CloseConnectionException("closed while it was set up", e);
        }
    }

    private Wire wire(ConnectionContext context, TrackedConnection tracked) throws IOException {
        int writeTimeoutMs = listener.limits().writeTimeoutMs();
        return listener.secure()
                ? new TlsWire(tracked, context.serverSocket(), writeTimeoutMs)
                : new PlainWire(tracked, writeTimeoutMs);
    }
}
