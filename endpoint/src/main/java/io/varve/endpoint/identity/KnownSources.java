package io.varve.endpoint.identity;

import java.time.Duration;

/**
 * From where users have logged in lately: for each the last few addresses. Safe for use by many
 * threads.
 *
 * <p>Each user has a place, chosen by a hash that nobody outside can predict, with room for {@value
 * #PER_USER} addresses, so memory is bounded, and however often and from wherever others log in, it
 * is not they who push a user's address out, unless they share the place by chance.
 */
final class KnownSources {
    static final int PER_USER = 4;

    private static final Duration REMEMBERED = Duration.ofHours(24);

    private final long[] prints;
    private final long[] untilNanos;
    private final int users;

    KnownSources(int users) {
        this.users = users;
        this.prints = new long[users * PER_USER];
        this.untilNanos = new long[users * PER_USER];
    }

    /**
     * @param user a hash of the user
     * @param source a hash of user and address together
     */
    synchronized boolean isKnown(long user, long source, long now) {
        return place(user, source, now) >= 0;
    }

    private int place(long user, long source, long now) {
        int first = first(user);
        for (int i = first; i < first + PER_USER; i++) {
            if (prints[i] == source && untilNanos[i] > now) {
                return i;
            }
        }
        return -1;
    }

    private int first(long user) {
        return Math.floorMod(user, users) * PER_USER;
    }

    /** In place of the one that was used the longest time ago. */
    synchronized void add(long user, long source, long now) {
        int oldest = place(user, source, now);
        if (oldest < 0) {
            oldest = first(user);
            for (int i = oldest + 1; i < first(user) + PER_USER; i++) {
                if (untilNanos[i] < untilNanos[oldest]) {
                    oldest = i;
                }
            }
        }
        prints[oldest] = source;
        untilNanos[oldest] = now + REMEMBERED.toNanos();
    }
}
