package io.varve.endpoint.server;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Parses one complete head. Strict where leniency would let two readers of the same bytes see
 * different requests (line ends, framing headers, white space around names); everything else is
 * handed on as it came.
 */
final class RequestHeadParser {
    private static final int MAX_LENGTH_DIGITS = 18;

    private final byte[] bytes;
    private final int end;
    private final HttpLimits limits;
    private final List<HttpHeaders.Field> fields = new ArrayList<>(16);
    private int at;

    private String method = "";
    private String target = "";
    private boolean http10;

    private @Nullable String host;
    private long contentLength = -1;
    private boolean chunked;
    private boolean utf8 = true;
    private boolean expectsContinue;
    private boolean close;

    /**
     * @param start of the request line
     * @param end behind the blank line
     */
    RequestHeadParser(byte[] bytes, int start, int end, HttpLimits limits) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
        this.limits = limits;
    }

    RequestHead parse() throws BadRequest {
        requestLine();
        if (end - at > limits.maxHeaderBytes()) {
            throw new BadRequest(431, "the header is larger than " + limits.maxHeaderBytes());
        }
        while (bytes[at] != '\r') {
            field();
        }
        checkFraming();
        String authority = host == null ? "" : host;
        String path = target;
        int scheme = schemeLength();
        if (scheme > 0) {
            int slash = indexOfPath(scheme);
            authority = target.substring(scheme, slash);
            path = target.substring(slash);
        }
        checkHost(authority);
        return head(authority, path.startsWith("?") || path.isEmpty() ? "/" + path : path);
    }

    private RequestHead head(String authority, String pathAndQuery) {
        int question = pathAndQuery.indexOf('?');
        return new RequestHead(
                method,
                question < 0 ? pathAndQuery : pathAndQuery.substring(0, question),
                question < 0 ? "" : pathAndQuery.substring(question + 1),
                authority,
                HttpHeaders.of(fields),
                utf8,
                contentLength,
                chunked,
                expectsContinue && !http10,
                http10,
                close || http10);
    }

    private void requestLine() throws BadRequest {
        int line = lineEnd();
        int methodEnd = indexOf((byte) ' ', at, line);
        int targetEnd = methodEnd < 0 ? -1 : indexOf((byte) ' ', methodEnd + 1, line);
        if (targetEnd < 0 || !HttpText.isToken(bytes, at, methodEnd)) {
            throw new BadRequest(400, "not a request line");
        }
        method = HttpText.ascii(bytes, at, methodEnd);
        version(HttpText.ascii(bytes, targetEnd + 1, line));
        target = target(methodEnd + 1, targetEnd);
        at = line + 2;
    }

    private void version(String version) throws BadRequest {
        switch (version) {
            case "HTTP/1.1" -> http10 = false;
            case "HTTP/1.0" -> http10 = true;
            default -> {
                boolean other = version.matches("HTTP/\\d\\.\\d");
                throw new BadRequest(other ? 505 : 400, "this server speaks HTTP/1.1");
            }
        }
    }

    /** As sent, but for bytes above ASCII, which become the escapes they should have been. */
    private String target(int from, int to) throws BadRequest {
        boolean plain = true;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if ((b >= 0 && b <= 0x20) || b == 0x7F) {
                throw new BadRequest(400, "a control character in the request target");
            }
            plain &= b > 0;
        }
        String text = HttpText.ascii(bytes, from, to);
        if (!plain) {
            text = escaped(text);
        }
        boolean origin = text.startsWith("/");
        boolean asterisk = text.equals("*") && method.equals("OPTIONS");
        if (method.equals("CONNECT")) {
            throw new BadRequest(501, "not a proxy");
        }
        if (!origin && !asterisk && schemeLength(text) == 0) {
            throw new BadRequest(400, "the request target is not a path");
        }
        return text;
    }

    private static String escaped(String latin1) {
        StringBuilder out = new StringBuilder(latin1.length() + 16);
        for (int i = 0; i < latin1.length(); i++) {
            char c = latin1.charAt(i);
            if (c < 0x80) {
                out.append(c);
            } else {
                out.append('%').append("%02X".formatted((int) c));
            }
        }
        return out.toString();
    }

    private int schemeLength() {
        return target.startsWith("/") ? 0 : schemeLength(target);
    }

    private static int schemeLength(String text) {
        for (String scheme : new String[] {"http://", "https://"}) {
            if (text.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return scheme.length();
            }
        }
        return 0;
    }

    private int indexOfPath(int from) {
        for (int i = from; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '/' || c == '?') {
                return i;
            }
        }
        return target.length();
    }

    private void field() throws BadRequest {
        int line = lineEnd();
        int colon = indexOf((byte) ':', at, line);
        // Also refuses a name with white space behind it, and a folded line.
        if (colon < 0 || !HttpText.isToken(bytes, at, colon)) {
            throw new BadRequest(400, "not a header line");
        }
        int from = colon + 1;
        int to = line;
        while (from < to && isBlank(bytes[from])) {
            from++;
        }
        while (to > from && isBlank(bytes[to - 1])) {
            to--;
        }
        if (!HttpText.isValue(bytes, from, to)) {
            throw new BadRequest(400, "a control character in a header");
        }
        if (fields.size() == limits.maxHeaderFields()) {
            throw new BadRequest(431, "more than " + limits.maxHeaderFields() + " headers");
        }
        String name = HttpText.ascii(bytes, at, colon);
        String value;
        if (HttpText.isAscii(bytes, from, to)) {
            value = HttpText.ascii(bytes, from, to);
        } else {
            value = HttpText.decodeBeyondAscii(bytes, from, to);
            utf8 &= value.length() < to - from;
        }
        fields.add(new HttpHeaders.Field(name, value));
        noteFraming(name, value);
        at = line + 2;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private void noteFraming(String name, String value) throws BadRequest {
        switch (name.length()) {
            case 4 -> {
                if (name.equalsIgnoreCase("Host")) {
                    host(value);
                }
            }
            case 6 -> {
                if (name.equalsIgnoreCase("Expect")) {
                    expect(value);
                }
            }
            case 10 -> {
                if (name.equalsIgnoreCase("Connection")) {
                    close |= HttpHeaders.of(name, value).hasToken(name, "close");
                }
            }
            case 14 -> {
                if (name.equalsIgnoreCase("Content-Length")) {
                    contentLength(value);
                }
            }
            case 17 -> {
                if (name.equalsIgnoreCase("Transfer-Encoding")) {
                    transferEncoding(value);
                }
            }
            default -> {}
        }
    }

    private void host(String value) throws BadRequest {
        if (host != null) {
            throw new BadRequest(400, "more than one Host header");
        }
        host = value;
    }

    private void expect(String value) throws BadRequest {
        if (!value.equalsIgnoreCase("100-continue")) {
            throw new BadRequest(417, "only 100-continue can be expected");
        }
        expectsContinue = true;
    }

    private void contentLength(String value) throws BadRequest {
        boolean digits = !value.isEmpty() && value.length() <= MAX_LENGTH_DIGITS;
        for (int i = 0; digits && i < value.length(); i++) {
            digits = value.charAt(i) >= '0' && value.charAt(i) <= '9';
        }
        if (!digits || contentLength >= 0) {
            throw new BadRequest(400, "the Content-Length is not one number");
        }
        contentLength = Long.parseLong(value);
    }

    private void transferEncoding(String value) throws BadRequest {
        if (chunked) {
            throw new BadRequest(400, "more than one Transfer-Encoding");
        }
        if (!value.equalsIgnoreCase("chunked")) {
            throw new BadRequest(501, "only the chunked transfer coding is understood");
        }
        chunked = true;
    }

    private void checkFraming() throws BadRequest {
        if (chunked && (contentLength >= 0 || http10)) {
            throw new BadRequest(400, "the length of the body is ambiguous");
        }
        if (host == null && !http10) {
            throw new BadRequest(400, "no Host header");
        }
    }

    private static void checkHost(String authority) throws BadRequest {
        for (int i = 0; i < authority.length(); i++) {
            char c = authority.charAt(i);
            if (c <= 0x20 || c > 0x7E || "/?#@\\,".indexOf(c) >= 0) {
                throw new BadRequest(400, "not a host name");
            }
        }
    }

    private int lineEnd() {
        // The reader has checked that every line ends with CRLF; a CR elsewhere is a control
        // character, refused where the text around it is checked.
        int i = at;
        while (bytes[i] != '\n') {
            i++;
        }
        return i - 1;
    }

    private int indexOf(byte wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
