package io.varve.endpoint.server;

import io.varve.endpoint.server.ResponseHeadEncoder.Ending;

import java.io.IOException;

/**
 * Writes one response. What it does for each kind of body:
 *
 * <pre>
 *             GET and others                    HEAD                 204, 304
 * None        Content-Length: 0                 Content-Length: 0    neither length nor body
 * Bytes       length and body, in one write     length               neither
 * Streaming   length and body, or chunked       length, if known     neither
 * LengthOnly  a fault of the handler            length               neither
 * </pre>
 */
final class ResponseWriter {
    private ResponseWriter() {}

    /**
     * Returns after the last byte has been written. The source of a streaming body is closed in
     * every case.
     *
     * @throws DisconnectedException when the client is gone
     * @throws IOException or unchecked, from the body's source; the response is then cut short and
     *     the connection must be reset
     */
    static void write(Wire wire, RequestHead request, HttpResponse response, boolean close)
            throws IOException {
        if (response.body() instanceof HttpBody.Streaming streaming) {
            try (HttpBody.Source _ = streaming.source()) {
                writeOpen(wire, request, response, close);
            }
            return;
        }
        writeOpen(wire, request, response, close);
    }

    private static void writeOpen(
            Wire wire, RequestHead request, HttpResponse response, boolean close)
            throws IOException {
        Ending ending = Ending.of(request, close);
        int status = response.status();
        if (status == 204 || status == 304) {
            headOnly(wire, response, ResponseHeadEncoder.NO_LENGTH, ending);
            return;
        }
        boolean head = request.method().equals("HEAD");
        switch (response.body()) {
            case HttpBody.None _ -> headOnly(wire, response, 0, ending);
            case HttpBody.LengthOnly(long length) -> {
                if (!head) {
                    throw new IllegalStateException(
                            "a length without a body in answer to " + request.method());
                }
                headOnly(wire, response, length, ending);
            }
            case HttpBody.Bytes(byte[] bytes) -> {
                OutputBuffer out = new OutputBuffer(wire, head ? 0 : bytes.length);
                encode(out, response, bytes.length, ending);
                if (!head) {
                    out.write(bytes, 0, bytes.length);
                }
                out.flush();
            }
            case HttpBody.Streaming streaming -> {
                if (head) {
                    headOnly(wire, response, streaming.lengthBytes(), ending);
                } else {
                    stream(wire, request, response, streaming, ending);
                }
            }
        }
    }

    private static void headOnly(Wire wire, HttpResponse response, long length, Ending ending)
            throws DisconnectedException {
        OutputBuffer out = new OutputBuffer(wire, 0);
        encode(out, response, length, ending);
        out.flush();
    }

    private static void stream(
            Wire wire,
            RequestHead request,
            HttpResponse response,
            HttpBody.Streaming body,
            Ending ending)
            throws IOException {
        long length = body.lengthBytes();
        OutputBuffer out = new OutputBuffer(wire, length < 0 ? OutputBuffer.GATHER_BYTES : length);
        BodyOutput output;
        if (length >= 0) {
            encode(out, response, length, ending);
            output = new BodyOutput.Fixed(out, length);
        } else if (request.http10()) {
            encode(out, response, ResponseHeadEncoder.NO_LENGTH, Ending.CLOSED);
            output = new BodyOutput.UntilClose(out);
        } else {
            encode(out, response, ResponseHeadEncoder.CHUNKED, ending);
            output = new BodyOutput.Chunked(out);
        }
        body.source().writeTo(output);
        output.end();
    }

    private static void encode(
            OutputBuffer out, HttpResponse response, long length, Ending ending) {
        ResponseHeadEncoder.encode(out, response.status(), response.headers(), length, ending);
    }
}
