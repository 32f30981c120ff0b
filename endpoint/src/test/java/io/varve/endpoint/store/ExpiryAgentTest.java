package io.varve.endpoint.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.ObjectChange.ExpireObject;
import io.varve.journal.record.VersionId;
import io.varve.projections.namespace.NamespaceView.ExpiringVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CompletableFuture;

class ExpiryAgentTest {
    private static final Outcome GONE = new Outcome.ObjectDeleted(VersionId.NULL, false);

    private final FakeLedger ledger = new FakeLedger();
    private long nowMicros = 1_000_000_000L;

    private ExpiryAgent agent(int batchSize) {
        return new ExpiryAgent(ledger, batchSize, () -> nowMicros);
    }

    private void expires(long seconds, String key, long position) {
        ledger.view.expiring.add(new ExpiringVersion(seconds, FakeView.BUCKET, key, position));
    }

    private List<Change> changes() {
        return ledger.drafts.stream().map(Draft::change).toList();
    }

    @Test
    void removesWhatIsDueAndNothingElse() {
        ledger.answer = change -> CompletableFuture.completedFuture(GONE);
        expires(999, "a", 11);
        expires(1000, "b", 12);
        expires(1001, "c", 13);
        assertEquals(2, agent(10).doWork());
        assertEquals(
                List.of(
                        new ExpireObject(FakeView.BUCKET, "a", 11, 1000, true),
                        new ExpireObject(FakeView.BUCKET, "b", 12, 1000, true)),
                changes());
    }

    @Test
    void takesNoMoreThanABatchInATurn() {
        ledger.answer = change -> CompletableFuture.completedFuture(GONE);
        expires(1, "a", 11);
        expires(2, "b", 12);
        assertEquals(1, agent(1).doWork());
    }

    @Test
    void countsNoWorkForWhatWasProlongedMeanwhile() {
        ledger.answer =
                change -> CompletableFuture.completedFuture(new Outcome.Refused(Refusal.REVISED));
        expires(1, "a", 11);
        assertEquals(0, agent(10).doWork());
    }

    @Test
    void tellsThatTheJournalCannotTakeIt() {
        StoreException full = new StoreException(Category.FULL, "full", null);
        ledger.answer = change -> CompletableFuture.failedFuture(full);
        expires(1, "a", 11);
        assertThrows(StoreException.class, () -> agent(10).doWork());
    }
}
