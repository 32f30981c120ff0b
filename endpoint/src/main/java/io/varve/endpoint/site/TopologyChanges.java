package io.varve.endpoint.site;

import io.varve.endpoint.store.Ledger;
import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.record.Draft;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.TopologyChange;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.topology.TopologyRefusal;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;

/** Appends topology changes to the journal. Safe for use by many threads. */
final class TopologyChanges {
    /** The principal of what the site does by itself. */
    static final String BY_THE_SITE = "";

    private final Ledger ledger;

    TopologyChanges(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Appends a change; on return it is durable and the view has it.
     *
     * @return why it did not take effect; null when it did
     * @throws StoreException when the journal takes nothing at present
     * @throws IllegalArgumentException when it cannot be a record, e.g. a text is too long
     */
    @Nullable TopologyRefusal make(String principal, TopologyChange change) {
        ThreadLocalRandom dice = ThreadLocalRandom.current();
        RequestId id = new RequestId(dice.nextLong(), dice.nextLong());
        Outcome outcome;
        try {
            outcome = ledger.submit(new Draft(id, principal, change)).join();
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
            case Outcome.TopologyRefused refused -> refused.reason();
            default -> throw new IllegalStateException("not an outcome of topology: " + outcome);
        };
    }
}
