package io.varve.devices.pool;

import io.varve.devices.BackfillPace;
import io.varve.devices.log.Pacer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Holds background work to a pace that may be changed while it goes on, and that is lower while
 * requests are served: then it is also held to a share of each device's time, which is what slow
 * devices, and those that requests keep busy, have little of. Safe for use by many threads, which
 * share it.
 */
final class Throttle implements Pacer {
    /** Work that was held up is not made up for beyond this. */
    private static final long CREDIT_NANOS = 100_000_000;

    /** A change of the pace, or the end of all work, is noticed this soon. */
    private static final long LOOK_NANOS = 50_000_000;

    private static final double FINISHING = 8 << 20;

    /** A device that hangs for a while is not left alone for much longer. */
    private static final long LONGEST_NANOS = 1_000_000_000;

    /** When each device may be asked again. */
    private final Map<Integer, Long> devices = new ConcurrentHashMap<>();

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
        await(now, charge(now, bytes, foreground.busy()));
    }

    @Override
    public void moved(int deviceId, long bytes, long tookNanos) {
        BackfillPace now = pace;
        boolean busy = foreground.busy();
        long until = charge(now, bytes, busy);
        long rest = busy ? restNanos(now, tookNanos) : 0;
        if (rest > 0) {
            long began = System.nanoTime();
            long free =
                    devices.merge(
                            deviceId,
                            began + rest,
                            (before, fresh) -> before - began > 0 ? before + rest : fresh);
            until = until - free > 0 ? until : free;
        }
        await(now, until);
    }

    /** How long a device is left alone after an access of that length. */
    static long restNanos(BackfillPace pace, long tookNanos) {
        return (long) (Math.min(tookNanos, LONGEST_NANOS) * (1 / pace.deviceShare() - 1));
    }

    private long charge(BackfillPace now, long bytes, boolean busy) {
        double share = busy ? now.busyShare() : 1;
        // What was begun before a pause is brought to its end.
        double perSecond = now.paused() ? FINISHING : Math.max(1, now.bytesPerSecond() * share);
        return charge((long) (bytes * 1e9 / perSecond));
    }

    private void await(BackfillPace now, long until) {
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
