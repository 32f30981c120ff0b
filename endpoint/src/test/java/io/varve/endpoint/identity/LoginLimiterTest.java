package io.varve.endpoint.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.identity.LoginLimiter.Limit;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class LoginLimiterTest {
    private long nanos = 42;

    private final LoginLimiter limiter =
            new LoginLimiter(
                    new Limit(3, Duration.ofSeconds(10)),
                    new Limit(5, Duration.ofSeconds(1)),
                    () -> nanos);

    private void advance(Duration by) {
        nanos += by.toNanos();
    }

    @Test
    void letsSomeFailuresPassAndThenOneInEachInterval() {
        for (int i = 0; i < 3; i++) {
            assertTrue(limiter.waitFor("alice", "host" + i).isZero());
            limiter.failed("alice", "host" + i);
        }
        assertEquals(Duration.ofSeconds(10), limiter.waitFor("alice", "host9"));
        advance(Duration.ofSeconds(10));
        assertTrue(limiter.waitFor("alice", "host9").isZero());
        limiter.failed("alice", "host9");
        assertFalse(limiter.waitFor("alice", "host9").isZero());
    }

    @Test
    void countsASourceOverAllUsers() {
        for (int i = 0; i < 5; i++) {
            limiter.failed("user" + i, "host");
        }
        assertEquals(Duration.ofSeconds(1), limiter.waitFor("somebody", "host"));
        assertTrue(limiter.waitFor("somebody", "elsewhere").isZero());
    }

    @Test
    void forgetsFailuresOfLongAgo() {
        for (int i = 0; i < 3; i++) {
            limiter.failed("alice", "host");
        }
        advance(Duration.ofHours(1));
        for (int i = 0; i < 3; i++) {
            assertTrue(limiter.waitFor("alice", "host").isZero());
            limiter.failed("alice", "host");
        }
        assertFalse(limiter.waitFor("alice", "host").isZero());
    }

    @Test
    void keepsALimitThroughAFloodOfOtherNames() {
        for (int i = 0; i < 3; i++) {
            limiter.failed("alice", "host");
        }
        for (int i = 0; i < 100_000; i++) {
            limiter.failed("flood" + i, "host" + i);
        }
        assertFalse(limiter.waitFor("alice", "elsewhere").isZero());
    }
}
