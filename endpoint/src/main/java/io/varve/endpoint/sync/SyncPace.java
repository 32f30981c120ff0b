package io.varve.endpoint.sync;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Shares out so many bytes a second, among all that asks. Who is given bytes in advance pays for
 * them by waiting afterwards. Safe for use by many threads.
 */
final class SyncPace {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final long bytesPerSecond;
    private final LongSupplier nanos;
    private long paidUntilNanos;

    SyncPace(long bytesPerSecond, LongSupplier nanos) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond=" + bytesPerSecond);
        }
        this.bytesPerSecond = bytesPerSecond;
        this.nanos = nanos;
        this.paidUntilNanos = nanos.getAsLong();
    }

    /** Takes note of bytes, and says how long they have to be waited for. */
    synchronized long waitNanos(int bytes) {
        long now = nanos.getAsLong();
        paidUntilNanos = Math.max(paidUntilNanos, now) + bytes * NANOS_PER_SECOND / bytesPerSecond;
        return paidUntilNanos - now;
    }

    /** Takes the same bytes, not faster than they may go. */
    OutputStream of(OutputStream target) {
        return new Paced(target);
    }

    private final class Paced extends FilterOutputStream {
        Paced(OutputStream target) {
            super(target);
        }

        @Override
        public void write(int b) throws IOException {
            await(1);
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            await(length);
            out.write(bytes, offset, length);
        }

        private void await(int bytes) throws IOException {
            long until = System.nanoTime() + waitNanos(bytes);
            for (long left = until - System.nanoTime(); left > 0; ) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted");
                }
                LockSupport.parkNanos(this, left);
                left = until - System.nanoTime();
            }
        }
    }
}
