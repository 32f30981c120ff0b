package io.varve.endpoint.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Numbers for bodies, each larger than all before as far as the clock does not go back between two
 * starts of the process: microseconds since the epoch, and a counter below them. Safe for use by
 * many threads.
 */
final class WriteIds {
    private static final int COUNTER_BITS = 10;
    private static final long MICROS_PER_MILLI = 1_000;

    private final LongSupplier clockMillis;
    private final AtomicLong last = new AtomicLong();

    WriteIds(LongSupplier clockMillis) {
        this.clockMillis = clockMillis;
    }

    long next() {
        long now = (clockMillis.getAsLong() * MICROS_PER_MILLI) << COUNTER_BITS;
        return last.updateAndGet(before -> Math.max(before + 1, now));
    }

    static long at(long micros) {
        return micros << COUNTER_BITS;
    }

    static long micros(long writeId) {
        return writeId >>> COUNTER_BITS;
    }
}
