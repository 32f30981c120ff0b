package io.varve.endpoint.server;

import io.varve.journal.record.RequestId;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.OptionalLong;

/** A request without a socket. Give it to a handler with {@link #build()}. */
public final class TestRequest {
    private final String method;
    private final String target;
    private final HttpHeaders.Builder headers = new HttpHeaders.Builder();
    private OptionalLong contentLength = OptionalLong.empty();
    private boolean chunked;
    private InputStream body = InputStream.nullInputStream();
    private boolean secure;
    private boolean utf8 = true;
    private Instant receivedAt = Instant.parse("2026-01-02T03:04:05Z");
    private RequestId id = new RequestId(0x0123456789ABCDEFL, 0x1122334455667788L);

    private TestRequest(String method, String target) {
        this.method = method;
        this.target = target;
    }

    /**
     * @param target path and query exactly as they would be sent
     */
    public static TestRequest of(String method, String target) {
        return new TestRequest(method, target);
    }

    public TestRequest header(String name, String value) {
        headers.add(name, value);
        return this;
    }

    /** Its headers came in ISO-8859-1. */
    public TestRequest latin1() {
        utf8 = false;
        return this;
    }

    public TestRequest body(byte[] bytes) {
        body = new ByteArrayInputStream(bytes);
        contentLength = OptionalLong.of(bytes.length);
        headers.set("Content-Length", Integer.toString(bytes.length));
        return this;
    }

    public TestRequest chunkedBody(InputStream stream) {
        body = stream;
        chunked = true;
        headers.set("Transfer-Encoding", "chunked");
        return this;
    }

    /** A body that may end before its announced length, or fail. */
    public TestRequest body(InputStream stream, long announcedLength) {
        body = stream;
        contentLength = OptionalLong.of(announcedLength);
        headers.set("Content-Length", Long.toString(announcedLength));
        return this;
    }

    public TestRequest secure() {
        secure = true;
        return this;
    }

    public TestRequest receivedAt(Instant at) {
        receivedAt = at;
        return this;
    }

    public TestRequest id(RequestId requestId) {
        id = requestId;
        return this;
    }

    public HttpRequest build() {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question + 1);
        return new Built(
                id,
                method,
                path,
                query,
                headers.build(),
                utf8,
                contentLength,
                chunked,
                body,
                secure,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000),
                receivedAt,
                new RequestNotes());
    }

    private record Built(
            RequestId id,
            String method,
            String rawPath,
            String rawQuery,
            HttpHeaders headers,
            boolean headersAreUtf8,
            OptionalLong contentLength,
            boolean chunked,
            InputStream body,
            boolean secure,
            InetSocketAddress remoteAddress,
            Instant receivedAt,
            RequestNotes notes)
            implements HttpRequest {
        @Override
        public String host() {
            return headers.firstOr("Host", "");
        }
    }
}
