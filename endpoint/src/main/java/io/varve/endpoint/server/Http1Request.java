package io.varve.endpoint.server;

import io.varve.journal.record.RequestId;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.OptionalLong;

/** A request that came in over HTTP/1. */
record Http1Request(
        RequestId id,
        RequestHead head,
        RequestBody requestBody,
        boolean secure,
        InetSocketAddress remoteAddress,
        Instant receivedAt,
        RequestNotes notes)
        implements HttpRequest {

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String rawPath() {
        return head.rawPath();
    }

    @Override
    public String rawQuery() {
        return head.rawQuery();
    }

    @Override
    public String host() {
        return head.host();
    }

    @Override
    public HttpHeaders headers() {
        return head.headers();
    }

    @Override
    public boolean headersAreUtf8() {
        return head.headersAreUtf8();
    }

    @Override
    public OptionalLong contentLength() {
        return head.contentLength() < 0
                ? OptionalLong.empty()
                : OptionalLong.of(head.contentLength());
    }

    @Override
    public boolean chunked() {
        return head.chunked();
    }

    @Override
    public InputStream body() {
        return requestBody;
    }
}
