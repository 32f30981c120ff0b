package io.varve.endpoint.store;

import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Moment;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.Snapshot;

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

/** A point of the past as a client names it: a time, a position of the journal, or a snapshot. */
public sealed interface AsOf {

    /** All that was recorded through this time. */
    record Time(long micros) implements AsOf {}

    /** All that was recorded through this position. */
    record Position(long position) implements AsOf {}

    /** The moment that has this name in the bucket that is asked about. */
    record Named(String snapshot) implements AsOf {}

    String SNAPSHOT_PREFIX = "snapshot:";

    /** What a snapshot may be called; it can then be part of a bucket's name. */
    Pattern SNAPSHOT_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    Pattern BASIC =
            Pattern.compile(
                    "([0-9]{4})([0-9]{2})([0-9]{2})t([0-9]{2})([0-9]{2})([0-9]{2})"
                            + "(?:\\.([0-9]{1,6}))?z");
    Pattern POSITION = Pattern.compile("[0-9]{1,18}");

    /**
     * A time as RFC 3339 or basic ISO 8601 has it, a position, or a snapshot behind {@link
     * #SNAPSHOT_PREFIX}.
     *
     * @return empty when it is none of these
     */
    static Optional<AsOf> parse(String text) {
        if (POSITION.matcher(text).matches()) {
            return Optional.of(new Position(Long.parseLong(text)));
        }
        if (text.startsWith(SNAPSHOT_PREFIX)) {
            String name = text.substring(SNAPSHOT_PREFIX.length());
            return SNAPSHOT_NAME.matcher(name).matches()
                    ? Optional.of(new Named(name))
                    : Optional.empty();
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
     * The store as it was.
     *
     * @param bucket that is asked about, as it is now; empty when there is none
     * @throws PastException when the moment has not come yet, or the window has closed over it, or
     *     the bucket has no such snapshot
     */
    default PastStore of(ObjectStore store, Optional<Bucket> bucket, Instant now) {
        return this instanceof Named(String name)
                ? PastStore.of(store, snapshot(store.view(), bucket, name))
                : PastStore.of(store, in(store.view(), bucket, now));
    }

    /**
     * The moment alone.
     *
     * @param bucket as for {@link #of}
     */
    default Moment in(NamespaceView view, Optional<Bucket> bucket, Instant now) {
        return switch (this) {
            case Position(long position) -> view.momentOf(position);
            case Named(String name) -> snapshot(view, bucket, name).moment();
            case Time(long micros) -> {
                long nowMicros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
                if (micros > nowMicros) {
                    throw new PastException("This moment has not come yet.");
                }
                yield view.momentAt(micros);
            }
        };
    }

    private static Snapshot snapshot(NamespaceView view, Optional<Bucket> bucket, String name) {
        return bucket.flatMap(of -> view.snapshot(of.id(), name))
                .orElseThrow(() -> new NoSnapshotException(name));
    }
}
