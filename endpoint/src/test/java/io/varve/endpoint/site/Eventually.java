package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what a site does by itself in the background. */
final class Eventually {
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private Eventually() {}

    static void holds(String what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                fail("not within %s: %s".formatted(limit, what));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
