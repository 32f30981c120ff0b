package io.varve.endpoint.swift;

import io.varve.endpoint.server.HttpDates;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * The forms of time that Swift uses. A time has five decimals; where only whole seconds can be
 * said, it is rounded up, so that nothing is ever said to be older than it is.
 */
final class Times {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private Times() {}

    /** {@code 1767323045.12345}. */
    static String timestamp(long micros) {
        return "%d.%05d"
                .formatted(
                        Math.floorDiv(micros, MICROS_PER_SECOND),
                        Math.floorMod(micros, MICROS_PER_SECOND) / 10);
    }

    /** {@code 2026-01-02T03:04:05.123450}. */
    static String iso(long micros) {
        long tens = Math.floorDiv(micros, 10) * 10;
        return ISO.format(
                Instant.ofEpochSecond(
                        Math.floorDiv(tens, MICROS_PER_SECOND),
                        Math.floorMod(tens, MICROS_PER_SECOND) * 1000));
    }

    /** The next whole second. */
    static Instant roundedUp(long micros) {
        return Instant.ofEpochSecond(-Math.floorDiv(-micros, MICROS_PER_SECOND));
    }

    static String http(long micros) {
        return HttpDates.format(roundedUp(micros));
    }

    static Optional<Instant> parseHttp(String text) {
        return HttpDates.parse(text);
    }
}
