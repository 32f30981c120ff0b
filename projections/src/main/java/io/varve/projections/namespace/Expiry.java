package io.varve.projections.namespace;

import io.varve.journal.record.Attributes;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/** When an object expires, as its settings say it. */
final class Expiry {
    static final long NEVER = Long.MAX_VALUE;

    private Expiry() {}

    /** In seconds since the epoch; {@link #NEVER} also for what is no number. */
    static long seconds(Attributes attributes) {
        String text = attributes.settings().get(Attributes.EXPIRES);
        return text == null ? NEVER : orNever(Decimal.parse(text));
    }

    private static long orNever(long seconds) {
        return seconds == Decimal.NONE ? NEVER : seconds;
    }

    /** Whether there is an object for a record of that time. */
    static boolean isLive(@Nullable VersionRow current, long recordMicros) {
        return current != null
                && current.expiresSeconds() > TimeUnit.MICROSECONDS.toSeconds(recordMicros);
    }
}
