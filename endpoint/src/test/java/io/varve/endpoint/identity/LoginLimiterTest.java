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
                    () -> nanos,
                    20_260_102);

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

    private void attack(String user) {
        for (int i = 0; i < 1000; i++) {
            limiter.failed(user, "attacker" + i % 10);
        }
    }

    @Test
    void doesNotKeepOutWhoHasLatelyLoggedInFromThere() {
        limiter.succeeded("admin", "desk");
        attack("admin");
        assertTrue(limiter.waitFor("admin", "desk").isZero());
        assertFalse(limiter.waitFor("admin", "elsewhere").isZero());
        advance(Duration.ofHours(24));
        attack("admin");
        assertFalse(limiter.waitFor("admin", "desk").isZero());
    }

    @Test
    void remembersThemFromTheLastTimeOn() {
        limiter.succeeded("admin", "desk");
        advance(Duration.ofHours(23));
        limiter.succeeded("admin", "desk");
        advance(Duration.ofHours(23));
        attack("admin");
        assertTrue(limiter.waitFor("admin", "desk").isZero());
    }

    @Test
    void letsNobodyGuessMoreFromAnAddressThatTheUserShares() {
        limiter.succeeded("admin", "office");
        for (int i = 0; i < 3; i++) {
            assertTrue(limiter.waitFor("admin", "office").isZero());
            limiter.failed("admin", "office");
        }
        assertEquals(Duration.ofSeconds(10), limiter.waitFor("admin", "office"));
        // Whoever guesses there is counted there, and does not keep the user out elsewhere.
        assertTrue(limiter.waitFor("admin", "home").isZero());
    }

    @Test
    void doesNotExemptOtherUsersOfThatAddress() {
        limiter.succeeded("admin", "office");
        attack("alice");
        assertFalse(limiter.waitFor("alice", "office").isZero());
        for (int i = 0; i < 5; i++) {
            limiter.failed("user" + i, "office");
        }
        assertFalse(limiter.waitFor("bob", "office").isZero());
        assertTrue(limiter.waitFor("admin", "office").isZero());
    }

    @Test
    void keepsTheLastFewAddressesOfEachUserThroughAnyNumberOfOthers() {
        limiter.succeeded("admin", "desk");
        for (int i = 0; i < 100_000; i++) {
            limiter.succeeded("mallory", "host" + i);
            advance(Duration.ofNanos(1));
        }
        attack("admin");
        attack("mallory");
        assertTrue(limiter.waitFor("admin", "desk").isZero());
        assertTrue(limiter.waitFor("mallory", "host99999").isZero());
        assertTrue(limiter.waitFor("mallory", "host99996").isZero());
        assertFalse(limiter.waitFor("mallory", "host99995").isZero());
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
