package io.varve.endpoint.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.store.BufferPool.Lease;
import io.varve.endpoint.store.StoreException.Category;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

final class BufferPoolTest {
    private static final int KIB = 1024;

    @Test
    void leasesTheSmallestSizeThatFits() {
        BufferPool pool = new BufferPool(1024 * KIB, 4096 * KIB, 0);
        assertEquals(4 * KIB, pool.acquire(1).array().length);
        assertEquals(4 * KIB, pool.acquire(4 * KIB).array().length);
        assertEquals(16 * KIB, pool.acquire(4 * KIB + 1).array().length);
        assertEquals(64 * KIB, pool.acquire(Long.MAX_VALUE).array().length);
    }

    @Test
    void neverHoldsMoreThanItsBudget() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long budget = 2048 * KIB;
        BufferPool pool = new BufferPool(1024 * KIB, budget, 0);
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            int dice = random.nextInt(3);
            if (dice == 0 || leases.isEmpty()) {
                try {
                    leases.add(pool.acquire(random.nextInt(100 * KIB)));
                } catch (StoreException full) {
                    leases.remove(random.nextInt(leases.size())).release();
                }
            } else if (dice == 1) {
                int at = random.nextInt(leases.size());
                Lease grown = pool.tryGrow(leases.get(at), 0);
                if (grown != null) {
                    leases.set(at, grown);
                }
            } else {
                leases.remove(random.nextInt(leases.size())).release();
            }
            long leased = leases.stream().mapToLong(lease -> lease.array().length).sum();
            assertEquals(leased, pool.leasedBytes(), "seed " + seed);
            assertTrue(pool.heldBytes() <= budget, "seed " + seed);
        }
    }

    @Test
    void growsWithTheBytesFilledSoFar() {
        BufferPool pool = new BufferPool(1024 * KIB, 4096 * KIB, 0);
        Lease small = pool.acquire(4 * KIB);
        Arrays.fill(small.array(), (byte) 5);
        Lease grown = pool.tryGrow(small, 4 * KIB);
        assertNotNull(grown);
        byte[] expected = new byte[16 * KIB];
        Arrays.fill(expected, 0, 4 * KIB, (byte) 5);
        assertArrayEquals(expected, grown.array());
        assertEquals(16 * KIB, pool.leasedBytes());
    }

    @Test
    void refusesToGrowBeyondTheLargestSize() {
        BufferPool pool = new BufferPool(64 * KIB, 4096 * KIB, 0);
        Lease largest = pool.acquire(64 * KIB);
        assertNull(pool.tryGrow(largest, 0));
        assertEquals(64 * KIB, pool.leasedBytes());
    }

    @Test
    void tellsToTryAgainWhenNothingIsFreeInTime() {
        BufferPool pool = new BufferPool(64 * KIB, 64 * KIB, 1);
        Lease all = pool.acquire(64 * KIB);
        StoreException refused = assertThrows(StoreException.class, () -> pool.acquire(1));
        assertEquals(Category.UNAVAILABLE, refused.category());
        all.release();
        pool.acquire(64 * KIB).release();
    }

    @Test
    void refusesToGrowWhileSomebodyWaitsForAFirstBuffer() throws Exception {
        BufferPool pool = new BufferPool(64 * KIB, 68 * KIB, 60_000);
        Lease grower = pool.acquire(4 * KIB);
        Lease other = pool.acquire(64 * KIB);
        CompletableFuture<Lease> waiting = new CompletableFuture<>();
        Thread waiter = Thread.ofVirtual().start(() -> waiting.complete(pool.acquire(64 * KIB)));
        while (waiter.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertNull(pool.tryGrow(grower, 0));
        other.release();
        waiting.get().release();
        assertNotNull(pool.tryGrow(grower, 0));
    }

    @Test
    void growsWithWaitingWhereThatIsAskedFor() throws Exception {
        BufferPool pool = new BufferPool(64 * KIB, 68 * KIB, 60_000);
        Lease grower = pool.acquire(4 * KIB);
        Lease other = pool.acquire(64 * KIB);
        CompletableFuture<Lease> grown = new CompletableFuture<>();
        Thread waiter = Thread.ofVirtual().start(() -> grown.complete(pool.grow(grower, 0)));
        while (waiter.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        other.release();
        assertEquals(16 * KIB, grown.get().array().length);
        assertEquals(16 * KIB, pool.leasedBytes());
    }

    @Test
    void givesUpGrowingInTime() {
        BufferPool pool = new BufferPool(64 * KIB, 68 * KIB, 1);
        Lease grower = pool.acquire(4 * KIB);
        Lease other = pool.acquire(64 * KIB);
        assertThrows(StoreException.class, () -> pool.grow(grower, 0));
        assertEquals(68 * KIB, pool.leasedBytes());
        grower.release();
        other.release();
    }

    @Test
    void refusesASecondRelease() {
        BufferPool pool = new BufferPool(64 * KIB, 64 * KIB, 0);
        Lease lease = pool.acquire(1);
        lease.release();
        assertThrows(IllegalStateException.class, lease::release);
        assertEquals(0, pool.leasedBytes());
    }
}
