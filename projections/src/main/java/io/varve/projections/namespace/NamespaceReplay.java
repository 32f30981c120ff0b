package io.varve.projections.namespace;

import io.varve.journal.record.JournalRecord;
import io.varve.projections.Checkpoint;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewException;
import io.varve.projections.ViewStore;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/** Folds a stretch of the journal into a store that nobody reads meanwhile. */
public final class NamespaceReplay {
    private NamespaceReplay() {}

    /**
     * Applies the records that a store is missing, up to a position, and flushes it.
     *
     * @param progress told the position reached, after each batch
     * @return where the store stands then
     * @throws io.varve.projections.ViewDamagedException when the store is not a view of this
     *     journal
     * @throws ViewException when the journal ends before the position
     */
    public static Checkpoint replay(
            RecordSource journal, ViewStore store, long throughPosition, LongConsumer progress) {
        return replay(journal, store, throughPosition, progress, (record, outcome) -> {});
    }

    /**
     * As above.
     *
     * @param told each record with what it came to, in order
     */
    public static Checkpoint replay(
            RecordSource journal,
            ViewStore store,
            long throughPosition,
            LongConsumer progress,
            BiConsumer<JournalRecord, Outcome> told) {
        ViewBatch batch = ViewBatch.forReplay(store);
        Namespace namespace = new Namespace(batch);
        JournalTail.recall(journal, batch.checkpoint(), namespace);
        long position = batch.checkpoint().position();
        try (RecordsAhead records = new RecordsAhead(journal, position + 1, throughPosition)) {
            while (position < throughPosition) {
                List<JournalRecord> next = records.next();
                if (next.isEmpty()) {
                    throw new ViewException(
                            "journal ends too early: end="
                                    + position
                                    + ", expected="
                                    + throughPosition);
                }
                next.forEach(record -> told.accept(record, namespace.apply(record)));
                position = namespace.commit(next.getLast()).checkpoint().position();
                progress.accept(position);
            }
        }
        store.flush();
        return batch.checkpoint();
    }
}
