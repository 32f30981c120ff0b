package io.varve.endpoint.site;

import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Has changes wait until the standby has them on media too, where that is wanted. A standby that
 * does not confirm in time leaves the site alone: until it has caught up, changes are answered
 * without it, or refused, as is wanted. Safe for use by many threads.
 */
final class StandbyAcks {
    private static final Logger LOG = Logger.getLogger(StandbyAcks.class.getName());

    private final LongSupplier journalEnd;
    private final NavigableMap<Long, CompletableFuture<Boolean>> waiting =
            new ConcurrentSkipListMap<>();
    private volatile SyncPolicy policy = SyncPolicy.ASYNC;
    private volatile long acknowledged;

    /** There is no standby before one has said that it has everything. */
    private volatile boolean alone = true;

    StandbyAcks(LongSupplier journalEnd) {
        this.journalEnd = journalEnd;
    }

    void policy(SyncPolicy newPolicy) {
        policy = newPolicy;
    }

    /** Whether changes wait for a standby at this moment. */
    boolean waits() {
        return policy.sync() && !alone;
    }

    /** The standby has everything up to a position on media. */
    void acknowledged(long position) {
        acknowledged = position;
        Map<Long, CompletableFuture<Boolean>> due = waiting.headMap(position, true);
        due.values().forEach(ack -> ack.complete(true));
        due.clear();
        if (alone && position >= journalEnd.getAsLong()) {
            alone = false;
            if (policy.sync()) {
                LOG.info(() -> "the standby has caught up: changes wait for it");
            }
        }
    }

    /** Why changes are refused as there is no standby to confirm them; null when they are not. */
    @Nullable StoreException refusal() {
        return policy.sync() && alone && policy.refusesAlone()
                ? refused("There is no standby that could confirm a change.")
                : null;
    }

    /**
     * Completes when the standby has all that is in the journal now, or when the site is alone and
     * goes on; fails with a {@link StoreException} when it does not.
     */
    CompletableFuture<Boolean> confirmed() {
        if (!policy.sync() || alone) {
            return CompletableFuture.completedFuture(false);
        }
        long position = journalEnd.getAsLong();
        CompletableFuture<Boolean> ack =
                waiting.computeIfAbsent(position, p -> new CompletableFuture<>());
        // Whoever acknowledges sets the position first, so one of the two sees the other.
        if (acknowledged >= position) {
            waiting.remove(position, ack);
            ack.complete(true);
        }
        Duration timeout = policy.timeout();
        return ack.copy()
                .completeOnTimeout(false, timeout.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(this::settled);
    }

    private boolean settled(boolean confirmed) {
        if (!confirmed) {
            if (!alone) {
                alone = true;
                LOG.log(
                        Level.WARNING,
                        "the standby does not confirm changes: they are {0}",
                        policy.refusesAlone() ? "refused" : "answered without it");
            }
            if (policy.refusesAlone()) {
                throw refused("The standby has not confirmed the change; it is durable here.");
            }
        }
        return confirmed;
    }

    private static StoreException refused(String message) {
        return new StoreException(Category.UNAVAILABLE, message);
    }
}
