package io.varve.endpoint.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Reads a response as a client would. */
public final class TestResponses {
    private TestResponses() {}

    /** The body's bytes; closes it. Fails when a streaming body differs from its length. */
    public static byte[] bytes(HttpResponse response) throws IOException {
        return switch (response.body()) {
            case HttpBody.None _, HttpBody.LengthOnly _ -> new byte[0];
            case HttpBody.Bytes body -> body.bytes();
            case HttpBody.Streaming body -> streamed(body);
        };
    }

    private static byte[] streamed(HttpBody.Streaming body) throws IOException {
        try (HttpBody.Source source = body.source()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            source.writeTo(out);
            if (body.lengthBytes() >= 0 && body.lengthBytes() != out.size()) {
                throw new AssertionError(
                        "announced " + body.lengthBytes() + " bytes, wrote " + out.size());
            }
            return out.toByteArray();
        }
    }
}
