package io.varve.endpoint.logs;

import io.varve.endpoint.server.ExchangeObserver.Exchange;
import io.varve.endpoint.server.HttpRequest;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * The form of the access log:
 *
 * <pre>
 * 2026-01-02T03:04:05.678Z 10.0.0.7:50100 https s3 GetObject GET "/b/k?versionId=x" 200 ok
 *     in=0 out=4396 us=812 id=0123... principal="root" error=- agent="aws-cli/2.15"
 * </pre>
 *
 * <p>All on one line. What a client chose stands in quotes, with {@code "}, {@code \} and control
 * characters escaped. Signatures and session tokens in a query are left out: who reads the log must
 * not be able to use them.
 */
final class AccessLine {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final Pattern SECRET =
            Pattern.compile(
                    "(?i)(^|&)((?:X-Amz-)?Signature|X-Amz-Security-Token|temp_url_sig)=[^&]*");
    private static final int MAX_CHARS = 256;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Only a cache: whoever finds it stale replaces it. */
    private static final AtomicReference<@Nullable Second> SECOND = new AtomicReference<>();

    private AccessLine() {}

    static String of(Exchange exchange) {
        HttpRequest request = exchange.request();
        StringBuilder line = new StringBuilder(320);
        appendTime(line, request.receivedAt());
        line.append(' ');
        appendAddress(line, request.remoteAddress());
        line.append(request.secure() ? " https " : " http ");
        line.append(orDash(request.notes().protocol())).append(' ');
        line.append(orDash(request.notes().operation())).append(' ');
        line.append(request.method()).append(" \"");
        appendEscaped(line, request.rawPath(), Integer.MAX_VALUE);
        if (!request.rawQuery().isEmpty()) {
            line.append('?');
            appendEscaped(line, withoutSecrets(request.rawQuery()), Integer.MAX_VALUE);
        }
        line.append("\" ").append(exchange.status());
        line.append(exchange.complete() ? " ok" : " broken");
        line.append(" in=").append(exchange.bytesIn());
        line.append(" out=").append(exchange.bytesOut());
        line.append(" us=").append(exchange.durationNanos() / 1000);
        line.append(" id=");
        line.append(HEX.toHexDigits(request.id().high()));
        line.append(HEX.toHexDigits(request.id().low()));
        line.append(" principal=\"");
        appendEscaped(line, request.notes().principal(), MAX_CHARS);
        line.append("\" error=").append(orDash(request.notes().errorCode()));
        line.append(" agent=\"");
        appendEscaped(line, request.headers().firstOr("User-Agent", ""), MAX_CHARS);
        return line.append("\"\n").toString();
    }

    private static String withoutSecrets(String query) {
        return query.indexOf('=') < 0 ? query : SECRET.matcher(query).replaceAll("$1$2=...");
    }

    static String refused(Instant at, InetSocketAddress remote, int status, String reason) {
        StringBuilder line = new StringBuilder(128);
        appendTime(line, at);
        line.append(' ');
        appendAddress(line, remote);
        line.append(" - - - - \"\" ").append(status).append(" refused reason=\"");
        appendEscaped(line, reason, MAX_CHARS);
        return line.append("\"\n").toString();
    }

    private static void appendTime(StringBuilder line, Instant at) {
        Second second = SECOND.get();
        if (second == null || second.epochSecond() != at.getEpochSecond()) {
            second = Second.of(at.getEpochSecond());
            SECOND.set(second);
        }
        int ms = at.getNano() / 1_000_000;
        line.append(second.text()).append('.');
        line.append((char) ('0' + ms / 100));
        line.append((char) ('0' + ms / 10 % 10));
        line.append((char) ('0' + ms % 10));
        line.append('Z');
    }

    private record Second(long epochSecond, String text) {
        static Second of(long epochSecond) {
            return new Second(epochSecond, TIME.format(Instant.ofEpochSecond(epochSecond)));
        }
    }

    private static void appendAddress(StringBuilder line, InetSocketAddress remote) {
        line.append(remote.getAddress().getHostAddress()).append(':').append(remote.getPort());
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static void appendEscaped(StringBuilder line, String text, int maxChars) {
        int end = Math.min(text.length(), maxChars);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
                line.append("\\x").append(HEX.toHexDigits((byte) c));
            } else {
                line.append(c);
            }
        }
    }
}
