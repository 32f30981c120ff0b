package io.varve.endpoint.server;

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

/** Times as HTTP writes them, in whole seconds: {@code Mon, 03 Aug 2026 14:05:06 GMT}. */
public final class HttpDates {
    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    /** The three forms that HTTP asks a server to take. */
    private static final List<DateTimeFormatter> TAKEN =
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

    private HttpDates() {}

    /** The part of a second is left out. */
    public static String format(Instant instant) {
        return WRITTEN.format(instant);
    }

    /** Empty when it is none of the three forms. */
    public static Optional<Instant> parse(String text) {
        for (DateTimeFormatter form : TAKEN) {
            try {
                return Optional.of(ZonedDateTime.from(form.parse(text)).toInstant());
            } catch (DateTimeException e) {
                continue;
            }
        }
        return Optional.empty();
    }
}
