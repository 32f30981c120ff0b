package io.varve.devices.pool;

import io.varve.devices.BackfillPace;
import io.varve.devices.log.Pacer;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Holds background work to a pace that may be changed while it goes on, and that is lower while
 * requests are served. Safe for use by many threads, which share it.
 */
final class Throttle implements Pacer {
    /** Work that was held up is not made up for beyond this. */
    private static final long CREDIT_NANOS = 100_000_000;

    /** A change of the pace, or the end of all work, is noticed this soon. */
    private static final long LOOK_NANOS = 50_000_000;

    private static final double FINISHING = 8 << 20;

    private final Foreground foreground;
    private final BooleanSupplier ended;
    private volatile BackfillPace pace;
    private long dueNanos = System.nanoTime();

    Throttle(BackfillPace pace, Foreground foreground, BooleanSupplier ended) {
        this.pace = pace;
        this.foreground = foreground;
        this.ended = ended;
    }

    void pace(BackfillPace next) {
        pace = next;
        synchronized (this) {
            dueNanos = System.nanoTime();
        }
    }

    boolean paused() {
        return pace.paused();
    }

    @Override
    public void moved(long bytes) {
        BackfillPace now = pace;
        double share = foreground.busy() ? now.busyShare() : 1;
        // What was begun before a pause is brought to its end.
        double perSecond = now.paused() ? FINISHING : Math.max(1, now.bytesPerSecond() * share);
        long until = charge((long) (bytes * 1e9 / perSecond));
        while (until - System.nanoTime() > 0 && now.equals(pace) && !ended.getAsBoolean()) {
            LockSupport.parkNanos(this, Math.min(LOOK_NANOS, until - System.nanoTime()));
        }
    }

    private synchronized long charge(long nanos) {
        long earliest = System.nanoTime() - CREDIT_NANOS;
        dueNanos = (dueNanos - earliest > 0 ? dueNanos : earliest) + nanos;
        return dueNanos;
    }
}
