package io.varve.endpoint.store;

import io.varve.endpoint.store.StoreException.Category;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory that bodies on their way to the devices may hold, bounded in total: what is leased and
 * what lies idle for the next lease never exceed the budget together. Safe for use by many threads.
 *
 * <p>Buffers come in sizes of 4 KiB times powers of four up to the blob size, so that a small
 * object holds little and a slow client no more than about four times what it has sent. A first
 * buffer is waited for, first come first served; a bigger one in its place ({@link #tryGrow}) never
 * is, and is refused while somebody waits for a first one. So nobody who holds memory waits for
 * more of it, and waiting always ends ({@link #grow}, the exception, gives up in time).
 */
final class BufferPool {
    static final int SMALLEST_BYTES = 4096;

    /** The most that a first buffer holds; bodies that go on grow. */
    static final int FIRST_MAX_BYTES = 64 << 10;

    private static final int GROWTH = 4;

    private final int[] sizes;
    private final long budgetBytes;
    private final long waitMs;

    /** The budget in units of the smallest buffer; fair. */
    private final Semaphore units;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<ArrayDeque<byte[]>> idle = new ArrayList<>();
    private long leasedBytes;
    private long idleBytes;

    BufferPool(int largestBytes, long budgetBytes, long waitMs) {
        this.sizes = sizesUpTo(largestBytes);
        this.budgetBytes = budgetBytes;
        this.waitMs = waitMs;
        this.units = new Semaphore(Math.toIntExact(budgetBytes / SMALLEST_BYTES), true);
        for (int i = 0; i < sizes.length; i++) {
            idle.add(new ArrayDeque<>());
        }
    }

    private static int[] sizesUpTo(int largestBytes) {
        List<Integer> sizes = new ArrayList<>();
        for (long size = SMALLEST_BYTES; size < largestBytes; size *= GROWTH) {
            sizes.add((int) size);
        }
        sizes.add(largestBytes);
        return sizes.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * A first buffer of at least so many bytes ({@link #FIRST_MAX_BYTES} or the largest size at the
     * most).
     *
     * @throws StoreException when none became free in time
     */
    Lease acquire(long bytes) {
        int index = sizeIndex(Math.min(bytes, FIRST_MAX_BYTES));
        await(index);
        return new Lease(index, take(index));
    }

    private void await(int index) {
        try {
            if (!units.tryAcquire(unitsOf(index), waitMs, TimeUnit.MILLISECONDS)) {
                throw new StoreException(
                        Category.UNAVAILABLE,
                        "no memory for a body within %d ms: budget=%d bytes"
                                .formatted(waitMs, budgetBytes));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    Category.UNAVAILABLE, "interrupted while waiting for memory", e);
        }
    }

    /**
     * The next bigger buffer with the first bytes of this one, which is released; null, and nothing
     * changed, when it is the largest already or memory is short.
     */
    @Nullable Lease tryGrow(Lease lease, int filledBytes) {
        int index = lease.index + 1;
        if (index == sizes.length || units.hasQueuedThreads()) {
            return null;
        }
        return units.tryAcquire(unitsOf(index)) ? grown(lease, index, filledBytes) : null;
    }

    /**
     * As {@link #tryGrow}, but waits, although it holds memory: others who do may wait for each
     * other, so this ends after the time that a first buffer is waited for.
     *
     * @param lease not of the largest size
     */
    Lease grow(Lease lease, int filledBytes) {
        int index = lease.index + 1;
        await(index);
        return grown(lease, index, filledBytes);
    }

    private Lease grown(Lease lease, int index, int filledBytes) {
        Lease grown = new Lease(index, take(index));
        System.arraycopy(lease.array, 0, grown.array, 0, filledBytes);
        lease.release();
        return grown;
    }

    int largestBytes() {
        return sizes[sizes.length - 1];
    }

    /** What is leased at this moment, for metrics and tests. */
    long leasedBytes() {
        lock.lock();
        try {
            return leasedBytes;
        } finally {
            lock.unlock();
        }
    }

    /** All memory this pool keeps alive at this moment, for metrics and tests. */
    long heldBytes() {
        lock.lock();
        try {
            return leasedBytes + idleBytes;
        } finally {
            lock.unlock();
        }
    }

    private int sizeIndex(long bytes) {
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] >= bytes) {
                return i;
            }
        }
        return sizes.length - 1;
    }

    private int unitsOf(int index) {
        return (sizes[index] + SMALLEST_BYTES - 1) / SMALLEST_BYTES;
    }

    private byte[] take(int index) {
        lock.lock();
        try {
            leasedBytes += sizes[index];
            byte[] array = idle.get(index).pollLast();
            if (array != null) {
                idleBytes -= array.length;
                return array;
            }
            makeRoom();
        } finally {
            lock.unlock();
        }
        return new byte[sizes[index]];
    }

    private void makeRoom() {
        for (int i = 0; i < sizes.length && leasedBytes + idleBytes > budgetBytes; ) {
            byte[] array = idle.get(i).pollLast();
            if (array == null) {
                i++;
            } else {
                idleBytes -= array.length;
            }
        }
    }

    private void giveBack(int index, byte[] array) {
        lock.lock();
        try {
            leasedBytes -= array.length;
            idleBytes += array.length;
            idle.get(index).addLast(array);
        } finally {
            lock.unlock();
        }
        units.release(unitsOf(index));
    }

    /** A buffer in use. Its array belongs to the holder until {@link #release}. */
    final class Lease {
        private final int index;
        private final byte[] array;
        private final AtomicBoolean released = new AtomicBoolean();

        private Lease(int index, byte[] array) {
            this.index = index;
            this.array = array;
        }

        byte[] array() {
            return array;
        }

        void release() {
            if (!released.compareAndSet(false, true)) {
                throw new IllegalStateException("buffer released twice: " + array.length);
            }
            giveBack(index, array);
        }
    }
}
