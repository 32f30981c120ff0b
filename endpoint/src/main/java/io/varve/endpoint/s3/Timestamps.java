package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpDates;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * The forms of time that S3 uses. What it shows has whole seconds everywhere, so that the time of a
 * listing, of a header and of a condition are one.
 */
final class Timestamps {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.'000Z'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter ISO_SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private Timestamps() {}

    static Instant ofMicros(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND));
    }

    /** For headers: {@code Mon, 03 Aug 2026 14:05:06 GMT}. */
    static String http(long micros) {
        return HttpDates.format(ofMicros(micros));
    }

    static String http(Instant instant) {
        return HttpDates.format(instant);
    }

    /** For XML: {@code 2026-08-03T14:05:06.000Z}. */
    static String iso(long micros) {
        return ISO.format(ofMicros(micros));
    }

    /** For the XML of errors: {@code 2026-08-03T14:05:06Z}. */
    static String isoSeconds(Instant instant) {
        return ISO_SECONDS.format(instant);
    }

    /** For signatures: {@code 20260803T140506Z}. */
    static String basic(Instant instant) {
        return BASIC.format(instant);
    }

    static Optional<Instant> parseBasic(String text) {
        try {
            return Optional.of(Instant.from(BASIC.parse(text)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    static Optional<Instant> parseHttp(String text) {
        return HttpDates.parse(text);
    }
}
