package io.varve.endpoint.s3;

import io.varve.endpoint.server.HeaderValues;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * A request parsed as far as every operation needs it: what it is about, its query, its headers by
 * lower-case name. Owned by the thread that handles it.
 */
final class S3Request {
    private final HttpRequest http;
    private final RequestAddress address;
    private final BucketAtTime bucket;
    private final QueryParameters query;
    private final HeaderValues headers;
    private final String hostId;

    private S3Request(
            HttpRequest http, RequestAddress address, QueryParameters query, String hostId) {
        this.http = http;
        this.address = address;
        this.query = query;
        this.headers = HeaderValues.of(http.headers());
        this.bucket = BucketAtTime.of(address.bucket(), header(BucketAtTime.HEADER));
        // HTTP/2 has no Host header, but clients sign one.
        this.headers.all().computeIfAbsent("host", _ -> List.of(http.host()));
        this.hostId = hostId;
    }

    static S3Request parse(HttpRequest http, S3Config config) {
        RequestAddress address =
                RequestAddress.parse(http.host(), http.rawPath(), config.baseDomains());
        QueryParameters query = QueryParameters.parse(http.rawQuery());
        return new S3Request(http, address, query, config.hostId());
    }

    HttpRequest http() {
        return http;
    }

    String method() {
        return http.method();
    }

    RequestAddress address() {
        return address;
    }

    /** The bucket that the address means, and the moment of it. */
    BucketAtTime bucket() {
        return bucket;
    }

    QueryParameters query() {
        return query;
    }

    Map<String, List<String>> headers() {
        return headers.all();
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

    /** An answer with the two headers that name the request. */
    HttpResponse.Builder respond(int status) {
        return respond(http, hostId, status);
    }

    static HttpResponse.Builder respond(HttpRequest http, String hostId, int status) {
        return HttpResponse.status(status)
                .header("x-amz-request-id", http.id().toString())
                .header("x-amz-id-2", hostId);
    }

    /** A 200 answer with a document. */
    HttpResponse document(XmlWriter xml) {
        return respond(200).header("Content-Type", "application/xml").body(xml.finish());
    }
}
