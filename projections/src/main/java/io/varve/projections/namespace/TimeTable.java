package io.varve.projections.namespace;

import io.varve.journal.record.JournalRecord;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewDamagedException;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the time of each record of the window: a row for each 64, and one with the checkpoint for
 * the rest. Single-threaded: owned by the fold.
 */
final class TimeTable {
    private final ViewBatch batch;
    private @Nullable TimesRow open;

    TimeTable(ViewBatch batch) {
        this.batch = batch;
        open = TimesRow.readOpen(batch);
        long last = open == null ? 0 : open.lastPosition();
        if (last != batch.checkpoint().position()) {
            throw new ViewDamagedException(
                    "times end elsewhere than the view: last="
                            + last
                            + ", applied="
                            + batch.checkpoint().position());
        }
    }

    void add(JournalRecord record) {
        TimesRow before = open;
        TimesRow after =
                before == null || before.whole()
                        ? new TimesRow(record.position(), new long[] {record.timeMicros()})
                        : before.with(record.timeMicros());
        if (after.whole()) {
            batch.insert(TimesRow.key(after.number()), after.toBytes());
        }
        open = after;
    }

    /** Before each commit. */
    void settle() {
        if (open != null) {
            batch.putWithCheckpoint(TimesRow.OPEN_KEY, open.toBytes());
        }
    }

    /**
     * Forgets rows of which no record's time is asked for any more.
     *
     * @return the first row that is left
     */
    long forget(long fromNumber, long beforePosition, int limit) {
        long end = Math.min(TimesRow.numberOf(beforePosition), fromNumber + limit);
        for (long number = fromNumber; number < end; number++) {
            batch.delete(TimesRow.key(number));
        }
        return Math.max(fromNumber, end);
    }
}
