package io.varve.endpoint.site;

import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether the site takes changes at present. Closing it keeps out every change that comes later,
 * and waits for those that were let in. Safe for use by many threads.
 */
final class WriteGate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private @Nullable Closure closure;
    private long insideCount;

    /** Why changes are refused: for good as far as this site goes, or for a moment. */
    record Closure(Category category, String message) {
        StoreException refusal() {
            return new StoreException(category, message);
        }
    }

    /** What a site says that follows another one. */
    static Closure following(String primary) {
        return new Closure(
                Category.READ_ONLY,
                "This site is a standby and takes no changes; the primary is " + primary);
    }

    /** What a site says that does not know yet whether it still leads. */
    static Closure unavailable(String message) {
        return new Closure(Category.UNAVAILABLE, message);
    }

    /** Lets a change in, which has to {@link #leave}; null when it may come, else why not. */
    @Nullable StoreException enter() {
        lock.lock();
        try {
            Closure closed = closure;
            if (closed != null) {
                return closed.refusal();
            }
            insideCount++;
            return null;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            if (--insideCount == 0) {
                left.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Null while changes are taken. */
    @Nullable StoreException refusal() {
        lock.lock();
        try {
            Closure closed = closure;
            return closed == null ? null : closed.refusal();
        } finally {
            lock.unlock();
        }
    }

    void open() {
        lock.lock();
        try {
            closure = null;
        } finally {
            lock.unlock();
        }
    }

    void close(Closure why) {
        lock.lock();
        try {
            closure = why;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until every change that was let in has its outcome.
     *
     * @return whether it came to that in time
     */
    boolean awaitEmpty(Duration timeout) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(timeout.toMillis());
        lock.lock();
        try {
            while (insideCount > 0 && nanos > 0) {
                nanos = left.awaitNanos(nanos);
            }
            return insideCount == 0;
        } finally {
            lock.unlock();
        }
    }
}
