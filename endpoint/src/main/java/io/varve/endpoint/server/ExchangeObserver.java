package io.varve.endpoint.server;

import java.net.InetSocketAddress;

/**
 * Told of every request, on the thread that carried it, after its response has been written or has
 * failed. Must be quick and must not throw. Safe for use by many threads.
 */
public interface ExchangeObserver {
    ExchangeObserver NONE =
            new ExchangeObserver() {
                @Override
                public void completed(Exchange exchange) {}

                @Override
                public void refused(InetSocketAddress remote, int status, String reason) {}
            };

    /** A request was given to its handler and is over. */
    void completed(Exchange exchange);

    /** A connection was answered before any handler saw a request, and closed. */
    void refused(InetSocketAddress remote, int status, String reason);

    /**
     * One request and what came of it.
     *
     * @param status 0 when no answer could be sent
     * @param complete whether the whole response was written
     * @param bytesIn of the body, framing not counted
     * @param bytesOut as sent, head included, before TLS
     */
    record Exchange(
            HttpRequest request,
            int status,
            boolean complete,
            long bytesIn,
            long bytesOut,
            long durationNanos) {}
}
