package io.varve.endpoint.swift;

import io.varve.endpoint.server.HeaderValues;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request parsed as far as every operation needs it: what it is about, its query, its headers by
 * lower-case name. Owned by the thread that handles it.
 */
final class SwiftRequest {
    private final HttpRequest http;
    private final SwiftPath path;
    private final SwiftQuery query;
    private final HeaderValues headers;

    SwiftRequest(HttpRequest http, SwiftPath path) {
        this(http, path, new SwiftQuery(http.rawQuery()));
    }

    private SwiftRequest(HttpRequest http, SwiftPath path, SwiftQuery query) {
        this.http = http;
        this.path = path;
        this.query = query;
        this.headers = HeaderValues.of(http.headers());
    }

    /** The same request with no other parameters than these. */
    SwiftRequest withOnly(Set<String> parameters) {
        return new SwiftRequest(http, path, query.only(parameters));
    }

    HttpRequest http() {
        return http;
    }

    String method() {
        return http.method();
    }

    SwiftPath path() {
        return path;
    }

    SwiftQuery query() {
        return query;
    }

    Map<String, List<String>> headers() {
        return headers.all();
    }

    Instant now() {
        return http.receivedAt();
    }

    /** The value of a header by its lower-case name, several of them joined by commas; or null. */
    @Nullable String header(String lowerCaseName) {
        return headers.joined(lowerCaseName);
    }

    String headerOrEmpty(String lowerCaseName) {
        return headers.joinedOrEmpty(lowerCaseName);
    }

    boolean hasHeader(String lowerCaseName) {
        return headers.has(lowerCaseName);
    }

    boolean isHead() {
        return method().equals("HEAD");
    }

    HttpResponse.Builder respond(int status) {
        return respond(http, status);
    }

    /** An answer with the headers that name the request. */
    static HttpResponse.Builder respond(HttpRequest http, int status) {
        String id = transactionId(http);
        return HttpResponse.status(status)
                .header("X-Trans-Id", id)
                .header("X-Openstack-Request-Id", id);
    }

    /** In Swift's form: 21 hexadecimal digits of the request's id, and the time in seconds. */
    static String transactionId(HttpRequest http) {
        return "tx%016x%05x-%010x"
                .formatted(
                        http.id().high(),
                        http.id().low() & 0xFFFFF,
                        http.receivedAt().getEpochSecond());
    }
}
