package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpDates;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The forms of time that S3 uses. What it shows has whole seconds everywhere, so that the time of a
 * listing, of a header and of a condition are one.
 */
final class Timestamps {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private static final int SECONDS_PER_DAY = 24 * 60 * 60;
    private static final int BASIC_LENGTH = "20260803T140506Z".length();

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
        return written(ofMicros(micros), "-", ":", ".000Z");
    }

    /** For the XML of errors: {@code 2026-08-03T14:05:06Z}. */
    static String isoSeconds(Instant instant) {
        return written(instant, "-", ":", "Z");
    }

    /** For signatures: {@code 20260803T140506Z}. */
    static String basic(Instant instant) {
        return written(instant, "", "", "Z");
    }

    /** By hand, as a page of a listing has a thousand of them. */
    private static String written(
            Instant instant, String betweenDays, String betweenHours, String end) {
        LocalDate date =
                LocalDate.ofEpochDay(Math.floorDiv(instant.getEpochSecond(), SECONDS_PER_DAY));
        int second = Math.floorMod(instant.getEpochSecond(), SECONDS_PER_DAY);
        StringBuilder out = new StringBuilder(24);
        twoDigits(out, date.getYear() / 100);
        twoDigits(out, date.getYear() % 100).append(betweenDays);
        twoDigits(out, date.getMonthValue()).append(betweenDays);
        twoDigits(out, date.getDayOfMonth()).append('T');
        twoDigits(out, second / 3600).append(betweenHours);
        twoDigits(out, second / 60 % 60).append(betweenHours);
        return twoDigits(out, second % 60).append(end).toString();
    }

    private static StringBuilder twoDigits(StringBuilder out, int number) {
        return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** By hand, as every signed request has one. */
    static Optional<Instant> parseBasic(String text) {
        if (text.length() != BASIC_LENGTH || text.charAt(8) != 'T' || text.charAt(15) != 'Z') {
            return Optional.empty();
        }
        for (int i = 0; i < BASIC_LENGTH - 1; i++) {
            if (i != 8 && (text.charAt(i) < '0' || text.charAt(i) > '9')) {
                return Optional.empty();
            }
        }
        try {
            LocalDate date =
                    LocalDate.of(number(text, 0, 4), number(text, 4, 6), number(text, 6, 8));
            LocalTime time =
                    LocalTime.of(number(text, 9, 11), number(text, 11, 13), number(text, 13, 15));
            return Optional.of(date.atTime(time).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    static Optional<Instant> parseHttp(String text) {
        return HttpDates.parse(text);
    }
}
