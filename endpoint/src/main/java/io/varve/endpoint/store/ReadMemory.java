package io.varve.endpoint.store;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Bounds the memory that large ranges on their way out may hold together. Never waits: a range that
 * gets no share goes on in small steps, whose memory the number of requests bounds. Safe for use by
 * many threads.
 */
final class ReadMemory {
    static final int SMALL_STEP_BYTES = 64 << 10;
    static final int LARGE_STEP_BYTES = 1 << 20;

    private final Semaphore shares;

    /** Arrays of a large step; never more than two for each share that was ever taken. */
    private final ConcurrentLinkedQueue<byte[]> idle = new ConcurrentLinkedQueue<>();

    ReadMemory(long budgetBytes) {
        this.shares = new Semaphore((int) (budgetBytes / (2L * LARGE_STEP_BYTES)));
    }

    /** What one reader may hold: two arrays, one being sent while the other is filled. */
    Share share(long rangeBytes) {
        boolean large = rangeBytes > SMALL_STEP_BYTES && shares.tryAcquire();
        return new Share(large);
    }

    int sharesFree() {
        return shares.availablePermits();
    }

    /** Owned by one reader; not thread-safe. */
    final class Share implements AutoCloseable {
        private final boolean large;
        private byte @Nullable [] sending;
        private byte @Nullable [] filling;
        private boolean closed;

        private Share(boolean large) {
            this.large = large;
        }

        int stepBytes() {
            return large ? LARGE_STEP_BYTES : SMALL_STEP_BYTES;
        }

        /** An array of at least so many bytes, at most a step; the one before it stays as it is. */
        byte[] next(int bytes) {
            byte[] array = sending;
            sending = filling;
            if (array == null || array.length < bytes) {
                array = large ? largeArray() : new byte[bytes];
            }
            filling = array;
            return array;
        }

        private byte[] largeArray() {
            byte[] array = idle.poll();
            return array == null ? new byte[LARGE_STEP_BYTES] : array;
        }

        private void giveBack(byte @Nullable [] array) {
            if (array != null) {
                idle.add(array);
            }
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            if (large) {
                giveBack(sending);
                giveBack(filling);
                shares.release();
            }
        }
    }
}
