package io.varve.endpoint.server;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
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
    /** From the day of the epoch on. */
    private static final String[] DAYS = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};

    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final int SECONDS_PER_DAY = 24 * 60 * 60;

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

    /** The part of a second is left out. Written out by hand: every answer has some of these. */
    public static String format(Instant instant) {
        long epochDay = Math.floorDiv(instant.getEpochSecond(), SECONDS_PER_DAY);
        int second = Math.floorMod(instant.getEpochSecond(), SECONDS_PER_DAY);
        LocalDate date = LocalDate.ofEpochDay(epochDay);
        StringBuilder out = new StringBuilder(29);
        out.append(DAYS[Math.floorMod(epochDay, DAYS.length)]).append(", ");
        twoDigits(out, date.getDayOfMonth()).append(' ');
        out.append(MONTHS[date.getMonthValue() - 1]).append(' ');
        twoDigits(out, date.getYear() / 100);
        twoDigits(out, date.getYear() % 100).append(' ');
        twoDigits(out, second / 3600).append(':');
        twoDigits(out, second / 60 % 60).append(':');
        return twoDigits(out, second % 60).append(" GMT").toString();
    }

    private static StringBuilder twoDigits(StringBuilder out, int number) {
        return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
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
