package io.varve.endpoint.identity;

import io.varve.endpoint.store.Ledger;
import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.record.Draft;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.RequestId;
import io.varve.projections.identity.IdentityRefusal;
import io.varve.projections.identity.IdentityView;
import io.varve.projections.namespace.Outcome;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;

/** Appends identity changes to the journal. Safe for use by many threads. */
public final class IdentityLedger {
    private final Ledger ledger;
    private final IdentityView view;

    /**
     * On whose behalf, and for which request, a change is made: both are in the journal with it.
     */
    public record Author(String principal, RequestId requestId) {}

    public IdentityLedger(Ledger ledger, IdentityView view) {
        this.ledger = ledger;
        this.view = view;
    }

    /** As of every change that was answered. */
    public IdentityView view() {
        return view;
    }

    /**
     * Appends a change; on return it is durable and the view has it.
     *
     * @return why it did not take effect; null when it did
     * @throws StoreException when the journal takes nothing at present
     * @throws IllegalArgumentException when it cannot be a record, e.g. a text is too long
     */
    @Nullable IdentityRefusal change(Author author, IdentityChange change) {
        RequestId id =
                new RequestId(author.requestId().high(), ThreadLocalRandom.current().nextLong());
        Outcome outcome;
        try {
            outcome = ledger.submit(new Draft(id, author.principal(), change)).join();
        } catch (CompletionException e) {
            throw switch (e.getCause()) {
                case StoreException told -> told;
                case IllegalArgumentException refused -> refused;
                case null, default ->
                        new StoreException(
                                Category.UNAVAILABLE, "the record may be lost: " + e.getCause(), e);
            };
        }
        return switch (outcome) {
            case Outcome.Applied _ -> null;
            case Outcome.IdentityRefused refused -> refused.reason();
            default -> throw new IllegalStateException("not an outcome of identity: " + outcome);
        };
    }
}
