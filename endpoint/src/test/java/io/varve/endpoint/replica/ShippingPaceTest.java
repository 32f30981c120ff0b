package io.varve.endpoint.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

final class ShippingPaceTest {
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong clock = new AtomicLong(17 * SECOND);

    @Test
    void bytesWaitForThoseBeforeThem() {
        ShippingPace pace = new ShippingPace(1000, clock::get);
        assertEquals(SECOND / 2, pace.waitNanos(500));
        assertEquals(SECOND, pace.waitNanos(500));
        clock.addAndGet(SECOND);
        assertEquals(SECOND / 10, pace.waitNanos(100));
        clock.addAndGet(60 * SECOND);
        // Time in which nothing was sent is not saved up.
        assertEquals(SECOND, pace.waitNanos(1000));
    }

    @Test
    void anotherRateCountsAtOnce() {
        ShippingPace pace = new ShippingPace(10, clock::get);
        assertEquals(100 * SECOND, pace.waitNanos(1000));
        pace.bytesPerSecond(1000);
        assertEquals(SECOND, pace.waitNanos(1000));
        pace.bytesPerSecond(0);
        assertEquals(0, pace.waitNanos(1_000_000));
    }
}
