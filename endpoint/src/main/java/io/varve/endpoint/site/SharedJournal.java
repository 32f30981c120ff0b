package io.varve.endpoint.site;

import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.Journal;
import io.varve.journal.JournalException;
import io.varve.journal.record.Change;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.UploadChange;
import io.varve.projections.ViewException;
import io.varve.projections.namespace.NamespaceHost;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * What a process that shares its journal with others must do beyond one that has it for itself:
 * find out how far it is before it reads, and name no blob that another one may have given up. Safe
 * for use by many threads.
 */
final class SharedJournal {
    /** Within it the brokers have been heard of, or the site is not ready. */
    private static final long REACHED_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long PROBE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Journal journal;
    private final InFlightBlobs inFlight;
    private final long namedWithinNanos;
    private volatile long reachedNanos = System.nanoTime();
    private volatile long probedNanos = reachedNanos;

    /**
     * @param auditGrace after which the audit of another process may drop a blob that nothing names
     */
    SharedJournal(Journal journal, InFlightBlobs inFlight, Duration auditGrace) {
        this.journal = journal;
        this.inFlight = inFlight;
        this.namedWithinNanos = auditGrace.toNanos() / 2;
    }

    /**
     * Returns once the view has everything that anybody was told before the call.
     *
     * @throws StoreException when that cannot be found out at present
     */
    void catchUp(NamespaceHost host) {
        try {
            host.awaitApplied(confirmed().join());
        } catch (CompletionException e) {
            throw new StoreException(
                    Category.UNAVAILABLE,
                    "how far the journal is cannot be found out: " + e.getCause(),
                    e);
        } catch (JournalException | ViewException e) {
            throw new StoreException(
                    Category.UNAVAILABLE, "the view cannot catch up: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    Category.UNAVAILABLE, "interrupted while the view catches up", e);
        }
    }

    private CompletableFuture<Long> confirmed() {
        return journal.confirmedEnd()
                .whenComplete(
                        (position, failure) -> {
                            if (failure == null) {
                                reachedNanos = System.nanoTime();
                            }
                        });
    }

    /** Whether the brokers were heard of just now; asks them when nobody does. Never waits. */
    boolean reachable() {
        long now = System.nanoTime();
        if (now - probedNanos > PROBE_PAUSE_NANOS) {
            probedNanos = now;
            var unused = confirmed();
        }
        return now - reachedNanos < REACHED_NANOS;
    }

    /**
     * Why a change is not to be recorded; null when it is. An audit knows what is in flight in its
     * own process alone; what another process has held longer than half of the grace time it may be
     * about to drop.
     */
    @Nullable StoreException tooLate(Change change) {
        Manifest manifest =
                switch (change) {
                    case ObjectChange.PutObject put -> put.manifest();
                    case ObjectChange.TransitionVersion moved -> moved.manifest();
                    case UploadChange.PutPart part -> part.manifest();
                    default -> Manifest.EMPTY;
                };
        boolean late =
                manifest.blobs().stream()
                        .anyMatch(
                                blob ->
                                        inFlight.ageNanos(NamedBlobs.idOf(blob))
                                                > namedWithinNanos);
        return late
                ? new StoreException(
                        Category.UNAVAILABLE,
                        "the body took longer than half of audit.grace; send it again")
                : null;
    }
}
