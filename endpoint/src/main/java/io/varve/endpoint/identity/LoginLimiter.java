package io.varve.endpoint.identity;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Slows down who guesses: after a burst of failures, a user (from wherever) and a source address
 * (for whomever) may fail only so often. Safe for use by many threads.
 *
 * <p>Each name has one of a fixed number of slots, chosen by a hash that nobody outside can
 * predict, so memory is bounded and no flood of names can push another out; two names that share a
 * slot share its limit. A slot holds the moment up to which the failures so far are paid for (the
 * generic cell rate algorithm).
 *
 * <p>Who guesses somebody's password must not keep them out: a user is counted apart from an
 * address that they have lately logged in from, and only what fails for them from there delays them
 * there.
 */
final class LoginLimiter {
    private static final int SLOT_COUNT = 1 << 14;

    private final Limit user;
    private final Limit source;
    private final LongSupplier nanos;
    private final long seed;
    private final AtomicLongArray slots = new AtomicLongArray(SLOT_COUNT);
    private final KnownSources known = new KnownSources(SLOT_COUNT);
    private final long startNanos;

    /**
     * @param burst failures at once
     * @param interval after which one more is free
     */
    record Limit(int burst, Duration interval) {
        static final Limit USER = new Limit(20, Duration.ofSeconds(10));
        static final Limit SOURCE = new Limit(100, Duration.ofSeconds(1));
    }

    /**
     * @param nanos a clock that never goes back, as {@link System#nanoTime}
     */
    LoginLimiter(Limit user, Limit source, LongSupplier nanos) {
        this(user, source, nanos, ByteBuffer.wrap(Ids.bytes(Long.BYTES)).getLong());
    }

    LoginLimiter(Limit user, Limit source, LongSupplier nanos, long seed) {
        this.seed = seed;
        this.user = user;
        this.source = source;
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
    }

    /** How long to wait before the next attempt; zero when it may be made now. */
    Duration waitFor(String userKey, String address) {
        long now = nanos.getAsLong() - startNanos;
        if (isKnown(userKey, address, now)) {
            return Duration.ofNanos(wait(user, slot(pair(userKey, address)), now));
        }
        long wait =
                Math.max(
                        wait(user, slot("u" + userKey), now),
                        wait(source, slot("s" + address), now));
        return Duration.ofNanos(wait);
    }

    private long wait(Limit limit, int slot, long now) {
        long burst = limit.burst() * limit.interval().toNanos();
        return Math.max(0, slots.get(slot) + limit.interval().toNanos() - now - burst);
    }

    void failed(String userKey, String address) {
        long now = nanos.getAsLong() - startNanos;
        if (isKnown(userKey, address, now)) {
            charge(user, slot(pair(userKey, address)), now);
            return;
        }
        charge(user, slot("u" + userKey), now);
        charge(source, slot("s" + address), now);
    }

    private void charge(Limit limit, int slot, long now) {
        slots.updateAndGet(
                slot, paidUntil -> Math.max(paidUntil, now) + limit.interval().toNanos());
    }

    void succeeded(String userKey, String address) {
        long now = nanos.getAsLong() - startNanos;
        known.add(hash("u" + userKey), hash(pair(userKey, address)), now);
    }

    private boolean isKnown(String userKey, String address, long now) {
        return known.isKnown(hash("u" + userKey), hash(pair(userKey, address)), now);
    }

    /** Addresses have no space. */
    private static String pair(String userKey, String address) {
        return "p" + address + " " + userKey;
    }

    private int slot(String name) {
        return (int) (hash(name) & (SLOT_COUNT - 1));
    }

    private long hash(String name) {
        long hash = seed;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        hash = (hash ^ (hash >>> 32)) * 0xD6E8FEB86659FD93L;
        return hash ^ (hash >>> 32);
    }
}
