package io.varve.projections.rocks;

import io.varve.projections.ViewException;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Who is using native memory right now, so that it is freed only when nobody does: a call into a
 * freed RocksDB ends the process. Safe for many threads.
 */
final class Leases {
    private static final long CLOSED = Long.MIN_VALUE;
    private static final long PARK_NANOS = 1_000_000;

    /** The number of leases; the sign bit says that no more are given. */
    private final AtomicLong state = new AtomicLong();

    private final String what;

    Leases(String what) {
        this.what = what;
    }

    void acquire() {
        if (state.incrementAndGet() < 0) {
            state.decrementAndGet();
            throw new ViewException("view store is closed: " + what);
        }
    }

    void release() {
        state.decrementAndGet();
    }

    /**
     * Gives no more leases and waits until all are back.
     *
     * @return false when that was done before
     */
    boolean close() {
        if (state.getAndUpdate(count -> count | CLOSED) < 0) {
            return false;
        }
        while (state.get() != CLOSED) {
            LockSupport.parkNanos(PARK_NANOS);
        }
        return true;
    }
}
