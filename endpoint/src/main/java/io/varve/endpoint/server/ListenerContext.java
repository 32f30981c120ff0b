package io.varve.endpoint.server;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What the connections of one listener share. Safe for use by many threads. */
record ListenerContext(
        HttpHandler handler,
        HttpLimits limits,
        ExchangeObserver observer,
        OpenConnections connections,
        RequestIds ids,
        boolean secure,
        AtomicInteger inFlight,
        AtomicBoolean stop) {

    boolean stopping() {
        return stop.get();
    }

    Http1Request request(RequestHead head, RequestBody body, InetSocketAddress remote) {
        return new Http1Request(
                ids.next(), head, body, secure, remote, Instant.now(), new RequestNotes());
    }
}
