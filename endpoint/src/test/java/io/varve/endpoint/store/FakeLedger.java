package io.varve.endpoint.store;

import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Answers each record as the test says. */
final class FakeLedger implements Ledger {
    final List<Draft> drafts = new CopyOnWriteArrayList<>();
    final FakeView view = new FakeView();
    volatile @Nullable Thread submitter;
    Function<Change, CompletableFuture<Outcome>> answer =
            change -> CompletableFuture.completedFuture(new Outcome.Applied());

    @Override
    public CompletableFuture<Outcome> submit(Draft draft) {
        submitter = Thread.currentThread();
        drafts.add(draft);
        return answer.apply(draft.change());
    }

    @Override
    public NamespaceView view() {
        return view;
    }
}
