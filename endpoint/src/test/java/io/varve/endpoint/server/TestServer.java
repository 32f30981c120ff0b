package io.varve.endpoint.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server on a free loopback port, and what its observer was told. */
final class TestServer implements AutoCloseable {
    /** Short enough for a test to wait for; long enough for a busy machine. */
    static final HttpLimits QUICK =
            new HttpLimits(1024, 4096, 50, 1 << 20, 100, 1_500, 1_000, 1_000, 1_000, 1_500);

    private final HttpServer server;
    private final BlockingQueue<ExchangeObserver.Exchange> exchanges = new LinkedBlockingQueue<>();

    TestServer(HttpHandler handler) {
        this(handler, HttpLimits.DEFAULT);
    }

    TestServer(HttpHandler handler, HttpLimits limits) {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ExchangeObserver observer =
                new ExchangeObserver() {
                    @Override
                    public void completed(Exchange exchange) {
                        exchanges.add(exchange);
                    }

                    @Override
                    public void refused(InetSocketAddress remote, int status, String reason) {}
                };
        HttpListener listener = new HttpListener("http", anyPort, null, handler);
        server = HttpServer.start(List.of(listener), limits, observer);
    }

    HttpServer server() {
        return server;
    }

    RawClient connect() throws IOException {
        return new RawClient(server.address("http"));
    }

    ExchangeObserver.Exchange nextExchange() throws InterruptedException {
        ExchangeObserver.Exchange exchange = exchanges.poll(15, TimeUnit.SECONDS);
        if (exchange == null) {
            throw new AssertionError("no exchange was observed");
        }
        return exchange;
    }

    boolean noFurtherExchange() {
        return exchanges.isEmpty();
    }

    @Override
    public void close() {
        server.stop(Duration.ofSeconds(5));
    }
}
