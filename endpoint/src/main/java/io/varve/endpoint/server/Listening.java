package io.varve.endpoint.server;

import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * One listener on its address. The library gives an address up for ever when accepting fails once,
 * e.g. because the process has no file descriptor left at that moment; {@link #reopenIfLost} takes
 * it again. Owned by the {@link HttpServer}; {@link #connections} is safe for use by many threads.
 */
final class Listening {
    private static final System.Logger LOG = System.getLogger(Listening.class.getName());
    private static final int BACKLOG = 1024;

    /**
     * When its grace period ends, the library interrupts the threads of requests in flight; and an
     * interrupt that meets a file operation closes that file for everybody. So it never ends:
     * {@link HttpServer#stop} closes the connections instead.
     */
    private static final Duration NEVER_INTERRUPT = Duration.ofDays(365);

    private final HttpListener listener;
    private final ListenerContext context;
    private final InetSocketAddress address;
    private volatile WebServer server;

    private Listening(HttpListener listener, ListenerContext context, WebServer server) {
        this.listener = listener;
        this.context = context;
        this.server = server;
        this.address = new InetSocketAddress(listener.address().getAddress(), server.port());
    }

    /**
     * @throws ListenException when the address cannot be listened on
     */
    static Listening open(HttpListener listener, ListenerContext context) {
        // The library only logs why a start has failed; so it is found out here.
        try (SocketChannel _ = hold(listener.address())) {
            LOG.log(Level.DEBUG, "the address is free");
        } catch (IOException | RuntimeException e) {
            throw new ListenException(
                    "cannot listen on %s: %s".formatted(text(listener), e.getMessage()), e);
        }
        return new Listening(listener, context, start(listener, context, listener.address()));
    }

    /**
     * Binds to an address on which nobody listens, without listening: a client that connected to a
     * socket soon closed again would take the server for up, and be cut off.
     *
     * @throws IOException when the address cannot be had
     */
    static SocketChannel hold(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            // As a listening socket has it: connections that have just ended are no hindrance.
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return channel.bind(address);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static WebServer start(
            HttpListener listener, ListenerContext context, InetSocketAddress address) {
        WebServerConfig.Builder builder =
                WebServer.builder()
                        .bindAddress(address)
                        .backlog(BACKLOG)
                        .useNio(false)
                        .shutdownHook(false)
                        .protocolsDiscoverServices(false)
                        .addConnectionSelector(new Http1Selector(context))
                        .connectionOptions(new AcceptHook(context.connections()))
                        .shutdownGracePeriod(NEVER_INTERRUPT);
        if (listener.tls() != null) {
            builder.tls(Tls.builder().sslContext(listener.tls()).build());
        }
        WebServer server = builder.build().start();
        if (!server.isRunning()) {
            throw new ListenException(
                    "cannot listen on " + text(listener), new BindException("taken meanwhile"));
        }
        return server;
    }

    private static String text(HttpListener listener) {
        InetSocketAddress address = listener.address();
        return "%s (%s:%d)".formatted(listener.name(), address.getHostString(), address.getPort());
    }

    String name() {
        return listener.name();
    }

    /** Where it really listens: the configured port may be 0. */
    InetSocketAddress address() {
        return address;
    }

    OpenConnections connections() {
        return context.connections();
    }

    /** Listens again if nobody does on the address any more. */
    void reopenIfLost() {
        try (SocketChannel _ = hold(address)) {
            LOG.log(Level.DEBUG, "nobody listens any more");
        } catch (IOException _) {
            // In use, by this listener; or still no descriptor, and the next look will tell.
            return;
        }
        try {
            server = start(listener, context, address);
            LOG.log(Level.WARNING, "listening again on " + text(listener));
        } catch (ListenException e) {
            LOG.log(Level.WARNING, "not listening again yet", e);
        }
    }

    /** Blocks until every connection has ended. */
    void stop() {
        server.stop();
    }
}
