package io.varve.devices.pool;

import java.util.concurrent.atomic.LongAdder;

/** Counts the requests that a pool serves, so that work in the background can give way. */
final class Foreground {
    private static final long RECENT_NANOS = 500_000_000;

    private final LongAdder requests = new LongAdder();
    private long lastCount;
    private long lastSeenNanos = System.nanoTime() - RECENT_NANOS;

    void request() {
        requests.increment();
    }

    /** Whether there were any lately. */
    synchronized boolean busy() {
        long now = System.nanoTime();
        long count = requests.sum();
        if (count != lastCount) {
            lastCount = count;
            lastSeenNanos = now;
        }
        return now - lastSeenNanos < RECENT_NANOS;
    }
}
