package io.varve.endpoint.server;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Response heads as bytes. A control character in a header value becomes a space, so that no value
 * (some come from query parameters) can add a header or a second response.
 */
final class ResponseHeadEncoder {
    static final long NO_LENGTH = -1;
    static final long CHUNKED = -2;

    private static final byte[] CRLF = {'\r', '\n'};

    private static final AtomicReference<@Nullable DateLine> NOW = new AtomicReference<>();

    private ResponseHeadEncoder() {}

    /** What is said of the connection's life after the answer. */
    enum Ending {
        CLOSED,
        /** Said only to a client that asked: the others know. */
        KEPT,
        UNSAID;

        static Ending of(RequestHead request, boolean close) {
            if (close) {
                return CLOSED;
            }
            String asked = request.headers().first("Connection");
            return asked != null && asked.equalsIgnoreCase("keep-alive") ? KEPT : UNSAID;
        }
    }

    /**
     * Appends a whole head.
     *
     * @param length of the body, or {@link #NO_LENGTH} or {@link #CHUNKED}
     */
    static void encode(
            OutputBuffer out, int status, HttpHeaders headers, long length, Ending ending) {
        append(out, "HTTP/1.1 ");
        appendNumber(out, status);
        append(out, " ");
        append(out, ReasonPhrases.of(status));
        out.append(CRLF);
        out.append(dateLine());
        for (HttpHeaders.Field field : headers.fields()) {
            checkName(field.name());
            append(out, field.name());
            append(out, ": ");
            appendValue(out, field.value());
            out.append(CRLF);
        }
        if (length >= 0) {
            append(out, "Content-Length: ");
            appendNumber(out, length);
            out.append(CRLF);
        } else if (length == CHUNKED) {
            append(out, "Transfer-Encoding: chunked\r\n");
        }
        switch (ending) {
            case CLOSED -> append(out, "Connection: close\r\n");
            case KEPT -> append(out, "Connection: keep-alive\r\n");
            case UNSAID -> {}
        }
        out.append(CRLF);
    }

    private static void checkName(String name) {
        boolean framing =
                switch (name.length()) {
                    case 4 -> name.equalsIgnoreCase("Date");
                    case 10 -> name.equalsIgnoreCase("Connection");
                    case 14 -> name.equalsIgnoreCase("Content-Length");
                    case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
                    default -> false;
                };
        if (framing || !HttpText.isToken(name)) {
            throw new IllegalArgumentException("a handler cannot set the header " + name);
        }
    }

    private static void append(OutputBuffer out, String ascii) {
        out.appendAscii(ascii);
    }

    private static void appendNumber(OutputBuffer out, long number) {
        out.appendAscii(Long.toString(number));
    }

    private static void appendValue(OutputBuffer out, String value) {
        boolean plain = true;
        for (int i = 0; plain && i < value.length(); i++) {
            char c = value.charAt(i);
            plain = c >= 0x20 && c < 0x7F;
        }
        if (plain) {
            out.appendAscii(value);
            return;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if ((b >= 0 && b < 0x20 && b != '\t') || b == 0x7F) {
                bytes[i] = ' ';
            }
        }
        out.append(bytes);
    }

    private static byte[] dateLine() {
        long second = System.currentTimeMillis() / 1000;
        DateLine current = NOW.get();
        if (current == null || current.second() != second) {
            current = DateLine.at(second);
            NOW.set(current);
        }
        return current.line();
    }

    private record DateLine(long second, byte[] line) {
        static DateLine at(long second) {
            String line = "Date: " + HttpDates.format(Instant.ofEpochSecond(second)) + "\r\n";
            return new DateLine(second, line.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** The reason phrases of RFC 9110 and its companions. */
    private static final class ReasonPhrases {
        private static final Map<Integer, String> PHRASES =
                Map.ofEntries(
                        Map.entry(200, "OK"),
                        Map.entry(201, "Created"),
                        Map.entry(202, "Accepted"),
                        Map.entry(204, "No Content"),
                        Map.entry(206, "Partial Content"),
                        Map.entry(300, "Multiple Choices"),
                        Map.entry(301, "Moved Permanently"),
                        Map.entry(302, "Found"),
                        Map.entry(303, "See Other"),
                        Map.entry(304, "Not Modified"),
                        Map.entry(307, "Temporary Redirect"),
                        Map.entry(308, "Permanent Redirect"),
                        Map.entry(400, "Bad Request"),
                        Map.entry(401, "Unauthorized"),
                        Map.entry(403, "Forbidden"),
                        Map.entry(404, "Not Found"),
                        Map.entry(405, "Method Not Allowed"),
                        Map.entry(406, "Not Acceptable"),
                        Map.entry(408, "Request Timeout"),
                        Map.entry(409, "Conflict"),
                        Map.entry(411, "Length Required"),
                        Map.entry(412, "Precondition Failed"),
                        Map.entry(413, "Content Too Large"),
                        Map.entry(414, "URI Too Long"),
                        Map.entry(416, "Range Not Satisfiable"),
                        Map.entry(417, "Expectation Failed"),
                        Map.entry(422, "Unprocessable Content"),
                        Map.entry(429, "Too Many Requests"),
                        Map.entry(431, "Request Header Fields Too Large"),
                        Map.entry(500, "Internal Server Error"),
                        Map.entry(501, "Not Implemented"),
                        Map.entry(503, "Service Unavailable"),
                        Map.entry(505, "HTTP Version Not Supported"),
                        Map.entry(507, "Insufficient Storage"));

        private ReasonPhrases() {}

        static String of(int status) {
            return PHRASES.getOrDefault(status, "");
        }
    }
}
