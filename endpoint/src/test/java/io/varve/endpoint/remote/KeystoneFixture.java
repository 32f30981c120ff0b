package io.varve.endpoint.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.endpoint.identity.TestClock;
import io.varve.endpoint.store.StoreException;

import org.junit.jupiter.api.function.Executable;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A site's side of a {@link FakeKeystone}, with time that stands still. Owned by one test. */
final class KeystoneFixture implements AutoCloseable {
    static final Duration KEEP = Duration.ofMinutes(5);

    final TestClock clock = new TestClock();
    final FakeKeystone keystone = new FakeKeystone();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    KeystoneIdentity site;

    KeystoneFixture() throws IOException {
        site = open(Duration.ZERO, 100, Duration.ofSeconds(20), FakeKeystone.PASSWORD);
    }

    KeystoneIdentity open(Duration outage, int answersMax, Duration timeout, String password) {
        return open(KEEP, outage, answersMax, timeout, password);
    }

    KeystoneIdentity open(
            Duration keep, Duration outage, int answersMax, Duration timeout, String password) {
        if (site != null) {
            site.close();
        }
        KeystoneSettings settings =
                new KeystoneSettings(
                        keystone.url(),
                        new KeystoneSettings.ServiceUser(
                                "varve", "Default", password, "service", "Default"),
                        null,
                        timeout,
                        keep,
                        outage,
                        answersMax,
                        new RoleMap(
                                Set.of("admin"),
                                Set.of("ResellerAdmin"),
                                Set.of("Member", "swiftoperator"),
                                Set.of("reader")));
        site = KeystoneIdentity.open(settings, clock, nanos::get);
        return site;
    }

    Instant in(Duration time) {
        return clock.instant().plus(time);
    }

    void advance(Duration time) {
        clock.advance(time);
        nanos.addAndGet(time.toNanos());
    }

    static void assertUnavailable(Executable action) {
        StoreException e = assertThrows(StoreException.class, action);
        assertEquals(StoreException.Category.UNAVAILABLE, e.category());
    }

    @Override
    public void close() {
        // First what waits for the other.
        keystone.gate.countDown();
        site.close();
        keystone.close();
    }
}
