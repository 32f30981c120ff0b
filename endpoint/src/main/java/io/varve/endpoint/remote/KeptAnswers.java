package io.varve.endpoint.remote;

import io.varve.endpoint.store.StoreException;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Answers that still count, the most recently used of them. Those that say no are kept apart, so
 * that a flood of made-up questions pushes out no good answer. Safe for use by many threads.
 */
final class KeptAnswers<V> {
    /** How long a no counts: long enough against a client that repeats itself. */
    static final Duration NO = Duration.ofSeconds(5);

    private final RecentMap<Kept<V>> yes;
    private final RecentMap<Long> no;
    private final Duration outage;
    private final LongSupplier nanos;

    private record Kept<V>(V value, long untilNanos, long outageUntilNanos) {}

    /**
     * @param nanos a clock that never goes back, as {@link System#nanoTime}
     */
    KeptAnswers(int max, Duration outage, LongSupplier nanos) {
        this.yes = new RecentMap<>(max);
        this.no = new RecentMap<>(max);
        this.outage = outage;
        this.nanos = nanos;
    }

    Optional<V> find(String question) {
        Kept<V> kept = yes.get(question);
        return kept != null && kept.untilNanos() - nanos.getAsLong() > 0
                ? Optional.of(kept.value())
                : Optional.empty();
    }

    boolean isNo(String question) {
        Long until = no.get(question);
        return until != null && until - nanos.getAsLong() > 0;
    }

    void keep(String question, V value, Duration time) {
        long until = nanos.getAsLong() + time.toNanos();
        yes.put(question, new Kept<>(value, until, until + outage.toNanos()));
    }

    /** In place of what is kept, for no longer than that. */
    void replace(String question, V value) {
        Kept<V> kept = yes.get(question);
        if (kept != null) {
            yes.put(question, new Kept<>(value, kept.untilNanos(), kept.outageUntilNanos()));
        }
    }

    void keepNo(String question) {
        yes.remove(question);
        no.put(question, nanos.getAsLong() + NO.toNanos());
    }

    void forget(String question) {
        yes.remove(question);
    }

    /**
     * What is left when Keystone cannot be asked: its last answer, if the operator lets it count.
     *
     * @throws StoreException the given one, when there is none
     */
    V lastResort(String question, StoreException failure) {
        V value = ofOutage(question);
        if (value == null) {
            throw failure;
        }
        return value;
    }

    @Nullable V ofOutage(String question) {
        Kept<V> kept = yes.get(question);
        return kept != null && kept.outageUntilNanos() - nanos.getAsLong() > 0
                ? kept.value()
                : null;
    }
}
