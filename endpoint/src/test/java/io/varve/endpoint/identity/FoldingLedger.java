package io.varve.endpoint.identity;

import io.varve.endpoint.store.Ledger;
import io.varve.journal.record.Draft;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.JournalRecord;
import io.varve.projections.MemoryViewStore;
import io.varve.projections.ViewBatch;
import io.varve.projections.identity.IdentityFold;
import io.varve.projections.identity.IdentityMemory;
import io.varve.projections.identity.IdentityRefusal;
import io.varve.projections.identity.IdentityView;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.Outcome;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Folds identity changes in memory, each at once; its records' time is a test's clock. */
public final class FoldingLedger implements Ledger {
    private final MemoryViewStore store = new MemoryViewStore();
    private final ViewBatch batch = new ViewBatch(store);
    private final IdentityFold fold = new IdentityFold(batch);
    private final IdentityMemory memory = IdentityMemory.load(store);
    private final List<JournalRecord> records = new ArrayList<>();
    private final Clock clock;
    private long lastMicros;

    public FoldingLedger(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized CompletableFuture<Outcome> submit(Draft draft) {
        lastMicros = Math.max(lastMicros + 1, TokenCodec.micros(clock.instant()));
        JournalRecord record =
                new JournalRecord(
                        0,
                        records.size() + 1L,
                        lastMicros,
                        1,
                        draft.requestId(),
                        draft.principal(),
                        draft.change());
        records.add(record);
        IdentityRefusal refusal = fold.apply((IdentityChange) draft.change(), record);
        batch.commit(record);
        memory.publish(fold.settle());
        return CompletableFuture.completedFuture(
                refusal == null ? new Outcome.Applied() : new Outcome.IdentityRefused(refusal));
    }

    public synchronized List<JournalRecord> records() {
        return List.copyOf(records);
    }

    public IdentityView identity() {
        return memory;
    }

    @Override
    public NamespaceView view() {
        throw new UnsupportedOperationException("there are no objects");
    }
}
