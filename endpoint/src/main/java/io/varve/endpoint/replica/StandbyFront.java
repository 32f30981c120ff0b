package io.varve.endpoint.replica;

import io.varve.dr.replica.Lag;
import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.ReplicaState;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Says with each answer of a standby what it reflects:
 *
 * <pre>
 *  x-varve-position  the position up to which every record has been applied
 *  x-varve-age       for how many seconds, rounded up, the primary may have had newer ones; absent
 *                    while that is not known
 *  x-varve-primary   where changes can be made
 * </pre>
 *
 * <p>The position is that at which the answer was begun, so the answer is at least as new.
 */
public final class StandbyFront implements HttpHandler {
    static final String POSITION = "x-varve-position";
    static final String AGE = "x-varve-age";
    static final String PRIMARY = "x-varve-primary";

    private final HttpHandler behind;
    private final ReplicaService service;

    public StandbyFront(HttpHandler behind, ReplicaService service) {
        this.behind = behind;
        this.service = service;
    }

    @Override
    public HttpResponse handle(HttpRequest request) throws IOException {
        ReplicaState state = service.state();
        ReplicaState.Peer primary = state.peer();
        if (!state.follows() || primary == null) {
            return behind.handle(request);
        }
        long position = service.appliedPosition();
        Optional<Lag> lag = service.lag();
        HttpResponse answer = behind.handle(request);
        HttpHeaders.Builder headers = new HttpHeaders.Builder().addAll(answer.headers().fields());
        headers.set(POSITION, Long.toString(position));
        headers.set(PRIMARY, primary.url());
        long age = lag.map(now -> now.ageNanos(System.nanoTime())).orElse(-1L);
        if (age >= 0) {
            long second = TimeUnit.SECONDS.toNanos(1);
            headers.set(AGE, Long.toString((age + second - 1) / second));
        }
        return new HttpResponse(answer.status(), headers.build(), answer.body(), answer.close());
    }
}
