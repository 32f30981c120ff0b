package io.varve.endpoint.replica;

import java.io.InterruptedIOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Lets so many bytes a second go to the other site, all answers together; how many can change at
 * any time. Who is given bytes pays for them by waiting afterwards. Safe for use by many threads.
 */
final class ShippingPace {
    /** What goes at once between two waits. */
    static final int SLICE_BYTES = 64 << 10;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long WAIT_NANOS_MAX = 200_000_000;

    private final LongSupplier nanos;
    private volatile long bytesPerSecond;
    private long paidUntilNanos;

    /**
     * @param bytesPerSecond 0 for any
     */
    ShippingPace(long bytesPerSecond, LongSupplier nanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanos = nanos;
        this.paidUntilNanos = nanos.getAsLong();
    }

    long bytesPerSecond() {
        return bytesPerSecond;
    }

    /** How much goes in so many seconds. */
    long bytesIn(int seconds) {
        long rate = bytesPerSecond;
        return rate == 0 ? Long.MAX_VALUE : Math.max(1, rate * seconds);
    }

    /** Counts for bytes that go from now on. */
    synchronized void bytesPerSecond(long rate) {
        bytesPerSecond = rate;
        paidUntilNanos = nanos.getAsLong();
    }

    /** Takes note of bytes, and says how long they have to be waited for. */
    synchronized long waitNanos(int bytes) {
        long rate = bytesPerSecond;
        if (rate == 0) {
            return 0;
        }
        long now = nanos.getAsLong();
        long cost = (long) (bytes * NANOS_PER_SECOND / rate);
        paidUntilNanos = Math.max(paidUntilNanos, now) + cost;
        return paidUntilNanos - now;
    }

    /** Waits until so many bytes may have gone; ends early when the rate is changed. */
    void await(int bytes) throws InterruptedIOException {
        long rate = bytesPerSecond;
        long until = nanos.getAsLong() + waitNanos(bytes);
        for (long left = until - nanos.getAsLong(); left > 0 && rate == bytesPerSecond; ) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            LockSupport.parkNanos(this, Math.min(left, WAIT_NANOS_MAX));
            left = until - nanos.getAsLong();
        }
    }
}
