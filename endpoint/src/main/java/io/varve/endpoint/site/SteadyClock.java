package io.varve.endpoint.site;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Microseconds since the epoch that never run ahead of real time: a wall clock that is set forward
 * while the site is open must not close the retention window early. One that is set back is
 * followed. Safe for use by many threads.
 */
final class SteadyClock implements LongSupplier {
    private final LongSupplier wallMicros;
    private final LongSupplier tickNanos;
    private final long startMicros;
    private final long startNanos;

    SteadyClock(LongSupplier wallMicros, LongSupplier tickNanos) {
        this.wallMicros = wallMicros;
        this.tickNanos = tickNanos;
        this.startMicros = wallMicros.getAsLong();
        this.startNanos = tickNanos.getAsLong();
    }

    static SteadyClock ofSystem() {
        return new SteadyClock(
                () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()), System::nanoTime);
    }

    @Override
    public long getAsLong() {
        long elapsed = TimeUnit.NANOSECONDS.toMicros(tickNanos.getAsLong() - startNanos);
        return Math.min(wallMicros.getAsLong(), startMicros + elapsed);
    }
}
