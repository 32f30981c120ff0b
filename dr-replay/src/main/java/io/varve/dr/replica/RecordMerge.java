package io.varve.dr.replica;

import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RequestId;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Brings what a site has set aside into the journal of its pair: each record once, in order, some
 * at a time, and noted before the next ones. It can end anywhere and be begun again: records whose
 * notes were lost have the same request ids the next time, and are not applied twice.
 */
public final class RecordMerge {
    /** How many records go together at the most. */
    public static final int PARCEL_RECORDS = 256;

    private static final long PARCEL_BYTES = 4L << 20;
    private static final int ATTEMPT_BITS = 8;

    private final UUID site;
    private final MergeRule rule;
    private final Target target;

    /** Where the lead is. */
    public interface Target {
        /**
         * Appends records there, in order, with their blobs.
         *
         * @return what came of each
         * @throws ReplicaException when it cannot be reached; whether the records are there is not
         *     known then
         */
        List<Answer> submit(List<Item> items);
    }

    /**
     * A record as it is to be appended.
     *
     * @param timeMicros of the record in its old history
     */
    public record Item(Draft draft, long timeMicros) {}

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
        Parcel parcel = new Parcel(ledger);
        try (SetAside.Reader reader = ledger.aside().open()) {
            for (var batch = reader.next(); !batch.isEmpty(); batch = reader.next()) {
                for (var stored : batch) {
                    JournalRecord record = OldHistory.decoded(stored);
                    if (!ledger.entry(record.position()).state().settled() && chosen.test(record)) {
                        parcel.add(record, stored.payload().length);
                    }
                    progress.accept(record.position());
                }
            }
        }
        parcel.send();
    }

    /** Records that go together. Those that build on one of them wait until it is there. */
    private final class Parcel {
        private final MergeLedger ledger;
        private final SortedMap<Long, Item> items = new TreeMap<>();
        private final Map<Long, MergeLedger.Settlement> settled = new TreeMap<>();
        private long bytes;

        Parcel(MergeLedger ledger) {
            this.ledger = ledger;
        }

        void add(JournalRecord record, int payloadBytes) throws IOException {
            long position = record.position();
            boolean[] waits = {false};
            MergeTranslation translation =
                    new MergeTranslation(
                            rule,
                            named -> {
                                waits[0] |= items.containsKey(named);
                                return ledger.place(named);
                            });
            MergeTranslation.Result result =
                    translation.of(record.change(), position, record.timeMicros());
            if (waits[0]) {
                send();
                add(record, payloadBytes);
                return;
            }
            switch (result) {
                case MergeTranslation.Settled(MergeState state, String reason) ->
                        settled.put(position, new MergeLedger.Settlement(state, 0, reason));
                case MergeTranslation.Submit(Change change) -> {
                    Draft draft =
                            new Draft(
                                    request(position, ledger.entry(position).attempts()),
                                    record.principal(),
                                    change);
                    items.put(position, new Item(draft, record.timeMicros()));
                    bytes += payloadBytes;
                }
            }
            if (items.size() + settled.size() >= PARCEL_RECORDS || bytes >= PARCEL_BYTES) {
                send();
            }
        }

        void send() throws IOException {
            if (!items.isEmpty()) {
                List<Answer> answers = target.submit(List.copyOf(items.values()));
                if (answers.size() != items.size()) {
                    throw new ReplicaException(
                            "%d records were answered of %d"
                                    .formatted(answers.size(), items.size()));
                }
                int index = 0;
                for (long position : items.keySet()) {
                    Answer answer = answers.get(index++);
                    settled.put(
                            position,
                            new MergeLedger.Settlement(
                                    answer.state(), answer.place(), answer.reason()));
                }
            }
            ledger.settle(settled);
            items.clear();
            settled.clear();
            bytes = 0;
        }
    }

    private RequestId request(long position, int attempt) {
        return new RequestId(
                site.getMostSignificantBits(),
                site.getLeastSignificantBits() ^ ((position << ATTEMPT_BITS) | (attempt & 0xff)));
    }
}
