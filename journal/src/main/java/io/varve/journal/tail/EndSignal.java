package io.varve.journal.tail;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The position of the last durable record, and those who wait for the next. Thread-safe. */
public final class EndSignal {
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private volatile long position;
    private volatile boolean closed;

    public EndSignal(long position) {
        this.position = position;
    }

    public long position() {
        return position;
    }

    public void advance(long newPosition) {
        position = newPosition;
        wakeAll();
    }

    public void close() {
        closed = true;
        wakeAll();
    }

    /** Lets those who wait look again at their own reasons to stop. */
    public void wakeAll() {
        for (Thread thread : waiting) {
            LockSupport.unpark(thread);
        }
    }

    /** As below, but no longer than the timeout; whether the end is there. */
    public boolean await(long wanted, long timeoutNanos) throws InterruptedException {
        long deadline = System.nanoTime() + timeoutNanos;
        Thread self = Thread.currentThread();
        waiting.add(self);
        try {
            long left = timeoutNanos;
            while (position < wanted && !closed && left > 0) {
                LockSupport.parkNanos(this, left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                left = deadline - System.nanoTime();
            }
            return position >= wanted;
        } finally {
            waiting.remove(self);
        }
    }

    /** Waits until the end is at the position or beyond, or there is a reason not to wait. */
    public void await(long wanted, BooleanSupplier cancelled) throws InterruptedException {
        if (position >= wanted) {
            return;
        }
        Thread self = Thread.currentThread();
        waiting.add(self);
        try {
            while (position < wanted && !closed && !cancelled.getAsBoolean()) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } finally {
            waiting.remove(self);
        }
    }
}
