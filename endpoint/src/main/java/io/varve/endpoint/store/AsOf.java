package io.varve.endpoint.store;

import io.varve.projections.namespace.Moment;
import io.varve.projections.namespace.NamespaceView;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A point of the past as a client names it: a time, or a position of the journal. */
public sealed interface AsOf {

    /** All that was recorded through this time. */
    record Time(long micros) implements AsOf {}

    /** All that was recorded through this position. */
    record Position(long position) implements AsOf {}

    Pattern BASIC =
            Pattern.compile(
                    "([0-9]{4})([0-9]{2})([0-9]{2})t([0-9]{2})([0-9]{2})([0-9]{2})"
                            + "(?:\\.([0-9]{1,6}))?z");
    Pattern POSITION = Pattern.compile("[0-9]{1,18}");

    /**
     * A time as RFC 3339 or basic ISO 8601 has it, or a position.
     *
     * @return empty when it is none of these
     */
    static Optional<AsOf> parse(String text) {
        if (POSITION.matcher(text).matches()) {
            return Optional.of(new Position(Long.parseLong(text)));
        }
        Optional<AsOf> basic = parseBasic(text);
        if (basic.isPresent()) {
            return basic;
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            return Optional.of(new Time(ChronoUnit.MICROS.between(Instant.EPOCH, instant)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A time as {@code 20261122T100000Z}, in either case, with a fraction of up to six digits. */
    static Optional<AsOf> parseBasic(String text) {
        Matcher matcher = BASIC.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            LocalDate date =
                    LocalDate.of(number(matcher, 1), number(matcher, 2), number(matcher, 3));
            LocalTime time =
                    LocalTime.of(number(matcher, 4), number(matcher, 5), number(matcher, 6));
            long seconds = date.toEpochSecond(time, ZoneOffset.UTC);
            String fraction = matcher.group(7) == null ? "" : matcher.group(7);
            long micros = Long.parseLong((fraction + "000000").substring(0, 6));
            return Optional.of(new Time(Math.addExact(seconds * 1_000_000, micros)));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    /**
     * @throws PastException when it has not come yet, or the window has closed over it
     */
    default Moment in(NamespaceView view, Instant now) {
        return switch (this) {
            case Position(long position) -> view.momentOf(position);
            case Time(long micros) -> {
                long nowMicros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
                if (micros > nowMicros) {
                    throw new PastException("This moment has not come yet.");
                }
                yield view.momentAt(micros);
            }
        };
    }
}
