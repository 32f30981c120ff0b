package io.varve.endpoint.site;

import io.varve.endpoint.store.Ledger;
import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.JournalException;
import io.varve.journal.JournalFullException;
import io.varve.journal.JournalUnavailableException;
import io.varve.journal.record.Draft;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.TopologyChange;
import io.varve.projections.ViewException;
import io.varve.projections.identity.IdentityView;
import io.varve.projections.namespace.NamespaceHost;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Lets the store append to the journal through the namespace that folds it. */
final class HostLedger implements Ledger {
    private final NamespaceHost host;
    private final WriteGate gate;
    private final StandbyAcks acks;
    private volatile @Nullable SharedJournal shared;
    private volatile @Nullable String fault;

    /** One that takes changes as long as its parts do. */
    HostLedger(NamespaceHost host) {
        this(host, new WriteGate(), new StandbyAcks(() -> Long.MAX_VALUE));
    }

    HostLedger(NamespaceHost host, WriteGate gate, StandbyAcks acks) {
        this.host = host;
        this.gate = gate;
        this.acks = acks;
    }

    /** From now on other processes append to the journal too. */
    void share(SharedJournal journal) {
        shared = journal;
    }

    @Override
    public CompletableFuture<Outcome> submit(Draft draft) {
        StoreException refusal = isOfTheSite(draft) ? null : acks.refusal();
        SharedJournal others = shared;
        if (refusal == null && others != null) {
            refusal = others.tooLate(draft.change());
        }
        if (refusal == null) {
            refusal = gate.enter();
        }
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        return host.submit(draft)
                .exceptionallyCompose(this::told)
                .thenCompose(outcome -> acks.confirmed().thenApply(confirmed -> outcome))
                .whenComplete((outcome, failure) -> gate.leave());
    }

    /** What a site records of itself, so that it can start: whether it has a standby or not. */
    private static boolean isOfTheSite(Draft draft) {
        return draft.principal().isEmpty()
                && (draft.change() instanceof TopologyChange
                        || draft.change() instanceof IdentityChange);
    }

    @Override
    public void requireWritable() {
        StoreException refusal = gate.refusal();
        if (refusal == null) {
            refusal = acks.refusal();
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private CompletableFuture<Outcome> told(Throwable failure) {
        Throwable cause = failure.getCause();
        if (!(failure instanceof CompletionException) || cause == null) {
            cause = failure;
        }
        if (cause instanceof JournalFullException full) {
            return CompletableFuture.failedFuture(
                    new StoreException(
                            Category.FULL, "no space for the record: " + full.getMessage(), full));
        }
        if (cause instanceof IllegalArgumentException) {
            // The record was refused as it is, before anything was appended.
            return CompletableFuture.failedFuture(cause);
        }
        if (cause instanceof JournalUnavailableException unavailable) {
            // The journal goes on by itself.
            return CompletableFuture.failedFuture(
                    new StoreException(
                            Category.UNAVAILABLE,
                            "the record may be lost: " + unavailable.getMessage(),
                            unavailable));
        }
        if (cause instanceof JournalException || cause instanceof ViewException) {
            // Neither takes up again without being opened anew.
            fault = cause.toString();
        }
        return CompletableFuture.failedFuture(
                new StoreException(
                        Category.UNAVAILABLE, "the record may be lost: " + cause, cause));
    }

    /** Why no change has been taken since some moment; empty while changes are taken. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    IdentityView identity() {
        return host.identity();
    }

    /**
     * What has been applied here. Where others append too, it first catches up with what anybody
     * was told before the call.
     *
     * @throws StoreException when it cannot find out how far the journal is
     */
    @Override
    public NamespaceView view() {
        SharedJournal others = shared;
        if (others != null) {
            others.catchUp(host);
        }
        return host.view();
    }

    /** As {@link #view}, at once: it may be behind what others were told. */
    NamespaceView viewHere() {
        return host.view();
    }

    /** Whether the journal can be asked how far it is; where nobody else appends, always. */
    boolean journalReachable() {
        SharedJournal others = shared;
        return others == null || others.reachable();
    }
}
