package io.varve.devices.log;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Lets each piece of work begin when those before it would be done at the given rate. */
final class RatePacer implements Pacer {
    private static final long MAX_CREDIT_NANOS = 100_000_000;

    private final double nanosPerByte;
    private final LongSupplier nanoClock;
    private final AtomicLong due;

    RatePacer(long bytesPerSecond, LongSupplier nanoClock) {
        this.nanosPerByte = 1e9 / bytesPerSecond;
        this.nanoClock = nanoClock;
        this.due = new AtomicLong(nanoClock.getAsLong());
    }

    @Override
    public void moved(long bytes) {
        long until = charge(bytes);
        long now = nanoClock.getAsLong();
        while (until - now > 0) {
            LockSupport.parkNanos(this, until - now);
            now = nanoClock.getAsLong();
        }
    }

    /** Books the bytes and returns when the next may be moved. */
    long charge(long bytes) {
        long cost = (long) (bytes * nanosPerByte);
        long now = nanoClock.getAsLong();
        return due.updateAndGet(
                before ->
                        (before - (now - MAX_CREDIT_NANOS) > 0 ? before : now - MAX_CREDIT_NANOS)
                                + cost);
    }
}
