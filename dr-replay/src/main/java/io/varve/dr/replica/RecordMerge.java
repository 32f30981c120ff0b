package io.varve.dr.replica;

import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RequestId;

import java.io.IOException;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Brings what a site has set aside into the journal of its pair: each record once, in order, each
 * noted before the next. It can end anywhere and be begun again: a record whose note was lost has
 * the same request id the next time, and is not applied twice.
 */
public final class RecordMerge {
    private static final int ATTEMPT_BITS = 8;

    private final UUID site;
    private final MergeRule rule;
    private final Target target;

    /** Where the lead is. */
    public interface Target {
        /**
         * Appends a record there, with its blobs.
         *
         * @param timeMicros of the record in its old history
         * @throws ReplicaException when it cannot be reached; whether the record is there is not
         *     known then
         */
        Answer submit(Draft draft, long timeMicros);
    }

    /**
     * What the leading site says.
     *
     * @param place the position of what the record made there; 0 when it was refused
     */
    public record Answer(MergeState state, long place, String reason) {}

    /**
     * @param site that has set the records aside
     */
    public RecordMerge(UUID site, MergeRule rule, Target target) {
        this.site = site;
        this.rule = rule;
        this.target = target;
    }

    /**
     * @param chosen which of the records that are not settled
     * @param progress told each record's position
     */
    public void run(MergeLedger ledger, Predicate<JournalRecord> chosen, LongConsumer progress)
            throws IOException {
        try (SetAside.Reader reader = ledger.aside().open()) {
            for (var batch = reader.next(); !batch.isEmpty(); batch = reader.next()) {
                for (var stored : batch) {
                    JournalRecord record = OldHistory.decoded(stored);
                    if (!ledger.entry(record.position()).state().settled() && chosen.test(record)) {
                        merge(ledger, record);
                    }
                    progress.accept(record.position());
                }
            }
        }
    }

    private void merge(MergeLedger ledger, JournalRecord record) throws IOException {
        long position = record.position();
        MergeTranslation translation = new MergeTranslation(rule, ledger::place);
        switch (translation.of(record.change(), position, record.timeMicros())) {
            case MergeTranslation.Settled(MergeState state, String reason) ->
                    ledger.settle(position, state, 0, reason);
            case MergeTranslation.Submit(Change change) -> {
                Draft draft =
                        new Draft(
                                request(position, ledger.entry(position).attempts()),
                                record.principal(),
                                change);
                Answer answer = target.submit(draft, record.timeMicros());
                ledger.settle(position, answer.state(), answer.place(), answer.reason());
            }
        }
    }

    private RequestId request(long position, int attempt) {
        return new RequestId(
                site.getMostSignificantBits(),
                site.getLeastSignificantBits() ^ ((position << ATTEMPT_BITS) | (attempt & 0xff)));
    }
}
