package io.varve.projections.namespace;

import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.ObjectChange;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;

import java.util.ArrayList;
import java.util.List;

/**
 * Erases what is in history of a key. The rows stay, as those of delete markers, until the window
 * or a snapshot lets go of them: without them an older version could come to light at moments at
 * which it was covered. Single-threaded: owned by the fold.
 */
final class ErasureFold {
    /** More is done by another record. */
    private static final int ROWS_PER_RECORD = 1000;

    private final ViewBatch batch;
    private final ContentTable contents;

    @SuppressWarnings("ArrayRecordComponent")
    private record Found(byte[] rowKey, HistoryRow past) {}

    ErasureFold(ViewBatch batch, ContentTable contents) {
        this.batch = batch;
        this.contents = contents;
    }

    Outcome apply(ObjectChange.EraseHistory erase, JournalRecord record) {
        List<Found> found = found(erase.bucketId(), NamespaceKeys.utf8(erase.key()));
        boolean more = found.size() > ROWS_PER_RECORD;
        List<Found> due = more ? found.subList(0, ROWS_PER_RECORD) : found;
        for (Found one : due) {
            HistoryRow past = one.past();
            contents.release(past.row().content(), record.position());
            HistoryRow erased =
                    new HistoryRow(
                            past.removedPosition(), past.removedMicros(), past.row().erased());
            batch.put(one.rowKey(), erased.toBytes());
        }
        return new Outcome.WindowClosed(due.size(), more);
    }

    /** One more than a record erases, if there are so many. */
    private List<Found> found(long bucketId, byte[] key) {
        byte[] prefix = NamespaceKeys.escaped(NamespaceKeys.HISTORY, bucketId, key);
        List<Found> found = new ArrayList<>();
        try (ViewCursor cursor = batch.scan(prefix, KeyOrder.afterPrefix(prefix))) {
            for (; cursor.valid() && found.size() <= ROWS_PER_RECORD; cursor.next()) {
                HistoryRow past = HistoryRow.decode(cursor.value());
                if (!past.row().deleteMarker()) {
                    found.add(new Found(cursor.key(), past));
                }
            }
        }
        return found;
    }
}
