package io.varve.endpoint.store;

import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.record.Draft;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.RequestId;
import io.varve.projections.namespace.NamespaceView.ExpiringVersion;
import io.varve.projections.namespace.Outcome;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Removes what has expired, by a record each. A crash at any point leaves what is still due in the
 * view, and the next turn goes on from there.
 *
 * <p>Single-threaded: owned by the thread that calls {@link #doWork}.
 */
public final class ExpiryAgent {
    private static final String PRINCIPAL = "varve:expiry";

    private final Ledger ledger;
    private final int batchSize;
    private final LongSupplier clockMicros;

    /**
     * @param batchSize how many versions one turn removes, at the most; their syncs are shared
     */
    public ExpiryAgent(Ledger ledger, int batchSize, LongSupplier clockMicros) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batchSize=" + batchSize);
        }
        this.ledger = ledger;
        this.batchSize = batchSize;
        this.clockMicros = clockMicros;
    }

    /**
     * One turn: at most one batch.
     *
     * @return how many were removed; 0 when nothing is due now
     * @throws StoreException when the journal cannot take it; nothing is lost by calling again
     *     later
     */
    public int doWork() {
        long nowSeconds = TimeUnit.MICROSECONDS.toSeconds(clockMicros.getAsLong());
        List<ExpiringVersion> due = ledger.view().expired(nowSeconds, batchSize);
        List<CompletableFuture<Outcome>> pending = new ArrayList<>(due.size());
        for (ExpiringVersion version : due) {
            pending.add(
                    ledger.submit(
                            draft(
                                    new ObjectChange.ExpireObject(
                                            version.bucketId(),
                                            version.key(),
                                            version.position(),
                                            nowSeconds,
                                            true))));
        }
        int removed = 0;
        for (CompletableFuture<Outcome> outcome : pending) {
            // A refusal means that it was overwritten, removed or prolonged meanwhile.
            removed += await(outcome) instanceof Outcome.ObjectDeleted ? 1 : 0;
        }
        return removed;
    }

    private static Draft draft(ObjectChange change) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new Draft(new RequestId(random.nextLong(), random.nextLong()), PRINCIPAL, change);
    }

    private static Outcome await(CompletableFuture<Outcome> outcome) {
        try {
            return outcome.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException cause
                    ? cause
                    : new StoreException(
                            Category.UNAVAILABLE, "the record may be lost: " + e.getCause(), e);
        }
    }
}
