package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.HttpBody;
import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.server.TestResponses;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a client was answered. */
record Answer(int status, HttpHeaders headers, byte[] body, long announcedBytes) {

    static Answer of(HttpResponse response) throws IOException {
        long announced =
                switch (response.body()) {
                    case HttpBody.None _ -> 0;
                    case HttpBody.Bytes(byte[] bytes) -> bytes.length;
                    case HttpBody.Streaming(long length, _) -> length;
                    case HttpBody.LengthOnly(long length) -> length;
                };
        return new Answer(
                response.status(), response.headers(), TestResponses.bytes(response), announced);
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    List<String> lines() {
        return text().lines().toList();
    }

    String header(String name) {
        return headers.firstOr(name, "(none)");
    }

    Answer expect(int expected) {
        assertEquals(expected, status, this::text);
        return this;
    }
}
