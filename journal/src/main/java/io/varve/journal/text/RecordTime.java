package io.varve.journal.text;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;

/** Record time as people read it: UTC, always with six digits of a second. */
final class RecordTime {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private RecordTime() {}

    static String of(long micros) {
        long seconds = Math.floorDiv(micros, 1_000_000L);
        long nanos = TimeUnit.MICROSECONDS.toNanos(Math.floorMod(micros, 1_000_000L));
        return FORMAT.format(Instant.ofEpochSecond(seconds, nanos));
    }
}
