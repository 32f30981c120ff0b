package io.varve.endpoint.server;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Finds the end of a request's head in the received bytes, reading more as needed, within the
 * limits.
 *
 * <p>Lines end with CRLF and nothing else. A bare LF is refused: where two programs on a request's
 * way disagree about where a line ends, one of them can be made to see a request the other did not.
 */
final class RequestHeadReader {
    /** Blank lines that a client may send before a request (some do, after a body). */
    private static final int MAX_LEADING_BLANK_LINES = 2;

    private static final byte TLS_HANDSHAKE = 0x16;

    private final ReceiveBuffer buffer;
    private final HttpLimits limits;
    private final Runnable begun;

    /**
     * @param begun called once when the first byte of a request is there
     */
    RequestHeadReader(ReceiveBuffer buffer, HttpLimits limits, Runnable begun) {
        this.buffer = buffer;
        this.limits = limits;
        this.begun = begun;
    }

    /** The next head, or null when the client has ended the connection before it was complete. */
    @Nullable RequestHead next(ReceiveBuffer.Source source) throws IOException {
        if (buffer.available() == 0) {
            buffer.shrinkWhenEmpty();
            if (!buffer.fill(source)) {
                return null;
            }
        }
        begun.run();
        if (!skipBlankLines(source)) {
            return null;
        }
        refuseForeignProtocols();
        int length = findEnd(source);
        if (length < 0) {
            return null;
        }
        int from = buffer.arrayStart();
        RequestHead head =
                new RequestHeadParser(buffer.array(), from, from + length, limits).parse();
        buffer.skip(length);
        return head;
    }

    private boolean skipBlankLines(ReceiveBuffer.Source source) throws IOException {
        for (int lines = 0; ; lines++) {
            if (buffer.available() == 0 && !buffer.fill(source)) {
                return false;
            }
            if (buffer.at(0) != '\r') {
                return true;
            }
            if (buffer.available() < 2 && !buffer.fill(source)) {
                return false;
            }
            if (buffer.at(1) != '\n' || lines == MAX_LEADING_BLANK_LINES) {
                throw new BadRequest(400, "the request does not begin with a method");
            }
            buffer.skip(2);
        }
    }

    private void refuseForeignProtocols() throws BadRequest {
        byte first = buffer.at(0);
        if (first == TLS_HANDSHAKE) {
            throw new BadRequest(400, "this port speaks plain HTTP, not TLS");
        }
        if (!HttpText.isTokenByte(first)) {
            throw new BadRequest(400, "the request does not begin with a method");
        }
    }

    /** The length of the head with its closing blank line; -1 when the connection ended before. */
    private int findEnd(ReceiveBuffer.Source source) throws IOException {
        int lineStart = 0;
        boolean firstLine = true;
        for (int i = 0; ; i++) {
            if (i == buffer.available() && !buffer.fill(source)) {
                return -1;
            }
            if (buffer.at(i) == '\n') {
                if (i == lineStart || buffer.at(i - 1) != '\r') {
                    throw new BadRequest(400, "a line ends with a bare LF");
                }
                if (i - 1 == lineStart) {
                    return i + 1;
                }
                lineStart = i + 1;
                firstLine = false;
            } else if (firstLine && i >= limits.maxRequestLineBytes()) {
                throw new BadRequest(414, "the request line is too long");
            } else if (i >= limits.maxRequestLineBytes() + limits.maxHeaderBytes()) {
                throw new BadRequest(431, "the header is too large");
            }
        }
    }
}
