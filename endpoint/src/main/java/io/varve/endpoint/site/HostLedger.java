package io.varve.endpoint.site;

import io.varve.endpoint.store.Ledger;
import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.JournalFullException;
import io.varve.journal.record.Draft;
import io.varve.projections.namespace.NamespaceHost;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.Outcome;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Lets the store append to the journal through the namespace that folds it. */
final class HostLedger implements Ledger {
    private final NamespaceHost host;

    HostLedger(NamespaceHost host) {
        this.host = host;
    }

    @Override
    public CompletableFuture<Outcome> submit(Draft draft) {
        return host.submit(draft).exceptionallyCompose(HostLedger::told);
    }

    private static CompletableFuture<Outcome> told(Throwable fault) {
        Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
        StoreException told =
                cause instanceof JournalFullException full
                        ? new StoreException(
                                Category.FULL,
                                "no space for the record: " + full.getMessage(),
                                full)
                        : new StoreException(
                                Category.UNAVAILABLE, "the record may be lost: " + cause, cause);
        return CompletableFuture.failedFuture(told);
    }

    @Override
    public NamespaceView view() {
        return host.view();
    }
}
