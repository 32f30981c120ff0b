package io.varve.endpoint.s3;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The forms of time that S3 uses. What it shows has whole seconds everywhere, so that the time of a
 * listing, of a header and of a condition are one.
 */
final class Timestamps {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private static final DateTimeFormatter HTTP =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.'000Z'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter ISO_SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    /** The three forms that HTTP asks a server to take. */
    private static final List<DateTimeFormatter> HTTP_FORMS =
            List.of(
                    DateTimeFormatter.RFC_1123_DATE_TIME,
                    new DateTimeFormatterBuilder()
                            .parseCaseInsensitive()
                            .appendPattern("EEEE, dd-MMM-")
                            .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                            .appendPattern(" HH:mm:ss 'GMT'")
                            .toFormatter(Locale.ENGLISH)
                            .withZone(ZoneOffset.UTC),
                    DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
                            .withZone(ZoneOffset.UTC));

    private Timestamps() {}

    static Instant ofMicros(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_PER_SECOND));
    }

    /** For headers: {@code Mon, 03 Aug 2026 14:05:06 GMT}. */
    static String http(long micros) {
        return HTTP.format(ofMicros(micros));
    }

    static String http(Instant instant) {
        return HTTP.format(instant);
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
        for (DateTimeFormatter form : HTTP_FORMS) {
            try {
                return Optional.of(ZonedDateTime.from(form.parse(text)).toInstant());
            } catch (DateTimeException e) {
                continue;
            }
        }
        return Optional.empty();
    }
}
