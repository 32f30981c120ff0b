package io.varve.endpoint.swift;

import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.RequestNotes;
import io.varve.journal.record.RequestId;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.OptionalLong;

/** A request that stands for a part of another one. Owned by the thread that handles that one. */
record InnerRequest(
        HttpRequest outer,
        String method,
        String rawPath,
        HttpHeaders headers,
        OptionalLong contentLength,
        InputStream body)
        implements HttpRequest {

    /** A PUT of the container or object that the path names. */
    static SwiftRequest put(
            SwiftRequest outer,
            SwiftPath path,
            HttpHeaders headers,
            OptionalLong lengthBytes,
            InputStream body) {
        String raw = Percent.encode(path.canonical());
        return new SwiftRequest(
                new InnerRequest(outer.http(), "PUT", raw, headers, lengthBytes, body), path);
    }

    @Override
    public RequestId id() {
        return outer.id();
    }

    @Override
    public String rawQuery() {
        return "";
    }

    @Override
    public String host() {
        return outer.host();
    }

    @Override
    public boolean chunked() {
        return contentLength.isEmpty();
    }

    @Override
    public boolean secure() {
        return outer.secure();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return outer.remoteAddress();
    }

    @Override
    public Instant receivedAt() {
        return outer.receivedAt();
    }

    @Override
    public RequestNotes notes() {
        return outer.notes();
    }
}
