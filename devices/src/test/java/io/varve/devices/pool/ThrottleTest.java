package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BackfillPace;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Background work gives way to requests, by bytes and by the time of each device. */
final class ThrottleTest {
    private static final BackfillPace QUARTER = new BackfillPace(1L << 50, 1, 0.25);
    private static final long TOOK_NANOS = Duration.ofMillis(40).toNanos();

    private final Foreground foreground = new Foreground();
    private final Throttle throttle = new Throttle(QUARTER, foreground, () -> false);

    private long nanosOf(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return System.nanoTime() - began;
    }

    @Test
    void aDeviceIsLeftAloneForTheRestOfItsTimeWhileRequestsAreServed() {
        assertEquals(3 * TOOK_NANOS, Throttle.restNanos(QUARTER, TOOK_NANOS));
        foreground.request();
        assertTrue(nanosOf(() -> throttle.moved(1, 0, TOOK_NANOS)) >= 3 * TOOK_NANOS);
    }

    @Test
    void itMayHaveAllOfItsTimeWhenNobodyAsks() {
        long hour = Duration.ofHours(1).toNanos();
        // It returns at all.
        assertTrue(nanosOf(() -> throttle.moved(1, 0, hour)) < hour);
    }

    @Test
    void severalAtOnceShareTheTimeOfADevice() throws InterruptedException {
        foreground.request();
        long began = System.nanoTime();
        Thread[] threads = new Thread[3];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.startVirtualThread(() -> throttle.moved(1, 0, TOOK_NANOS));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(System.nanoTime() - began >= 9 * TOOK_NANOS);
    }

    @Test
    void anAccessThatHungDoesNotStopTheWorkForHours() {
        long longest = Throttle.restNanos(QUARTER, Duration.ofHours(1).toNanos());
        assertEquals(Duration.ofSeconds(3).toNanos(), longest);
    }
}
