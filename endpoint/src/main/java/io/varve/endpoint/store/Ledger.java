package io.varve.endpoint.store;

import io.varve.journal.record.Draft;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.Outcome;

import java.util.concurrent.CompletableFuture;

/** The journal and the namespace folded out of it. Safe for use by many threads. */
public interface Ledger {

    /**
     * Appends a record. The future completes with its outcome once the record is durable and the
     * view has applied it. It fails with a {@link StoreException}: FULL when there was no space for
     * the record and nothing of it was written, UNAVAILABLE when it may or may not be durable; with
     * an {@link IllegalArgumentException} when it cannot be a record, for instance because it is
     * too large.
     *
     * <p>Drafts submitted by one thread are appended in the order of submission.
     */
    CompletableFuture<Outcome> submit(Draft draft);

    NamespaceView view();

    /**
     * Before bytes are stored that a record would name.
     *
     * @throws StoreException when changes are refused at present, whatever they are
     */
    default void requireWritable() {}
}
