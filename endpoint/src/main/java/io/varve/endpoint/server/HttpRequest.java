package io.varve.endpoint.server;

import io.varve.journal.record.RequestId;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * One request as it came. Nothing is decoded or normalised: a protocol that signs or names things
 * by exact bytes finds them here. Owned by the thread that handles it.
 */
public interface HttpRequest {
    /** Made by the server; sent back to the client by the protocol, and in the access log. */
    RequestId id();

    /** As sent; methods are case-sensitive. */
    String method();

    /**
     * The path exactly as sent, escapes and dot segments untouched; begins with "/" (of an
     * absolute-form target only this part is kept), or is "*".
     */
    String rawPath();

    /** What follows the first "?" exactly as sent; empty when there is none. */
    String rawQuery();

    /**
     * The Host header (HTTP/2: the authority), port included, as sent; empty when there is none.
     */
    String host();

    HttpHeaders headers();

    /**
     * Whether every value of a header was UTF-8 as it came. One that was not is told as ISO-8859-1.
     */
    default boolean headersAreUtf8() {
        return true;
    }

    /**
     * The Content-Length header; empty when there is none, which means a body of unknown length
     * when {@link #chunked()}, else no body.
     */
    OptionalLong contentLength();

    /** Whether a body comes whose length was not announced (HTTP/2 included). */
    boolean chunked();

    /**
     * The body, transfer coding removed; at its end at once when there is none. An {@code Expect:
     * 100-continue} is answered by the first read, so a request that is refused without reading
     * costs the client no upload. What is left unread is dealt with by the server.
     *
     * <p>Reads throw {@link BodyException} when the rest cannot be had.
     */
    InputStream body();

    /** Whether it came over TLS. */
    boolean secure();

    InetSocketAddress remoteAddress();

    Instant receivedAt();

    /** What the handler adds to the access log and the metrics. */
    RequestNotes notes();
}
