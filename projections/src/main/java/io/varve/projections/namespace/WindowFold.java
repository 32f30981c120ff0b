package io.varve.projections.namespace;

import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.WindowChange;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;

import java.util.ArrayList;
import java.util.List;

/**
 * Forgets history and released blobs. It remembers how far it has come, so that it does not walk
 * over what it has removed before. Single-threaded: owned by the fold.
 */
final class WindowFold {
    private final ViewBatch batch;
    private final BucketTable buckets;
    private final ContentTable contents;
    private final UploadTable uploads;
    private final TurnTable turns;
    private final TimeTable times;
    private final SnapshotTable snapshots;

    @SuppressWarnings("ArrayRecordComponent")
    private record Ended(byte[] key, byte[] value) {
        long id() {
            return NamespaceKeys.secondId(key);
        }

        long micros() {
            return NamespaceKeys.firstId(key);
        }
    }

    /**
     * What forgetting one thing did.
     *
     * @param count how much of the limit it took
     * @param endPosition of the record that had ended what no past can be read without; 0 for none
     */
    private record Forgotten(int count, long endPosition) {}

    WindowFold(
            ViewBatch batch,
            BucketTable buckets,
            ContentTable contents,
            UploadTable uploads,
            TurnTable turns,
            TimeTable times,
            SnapshotTable snapshots) {
        this.snapshots = snapshots;
        this.turns = turns;
        this.times = times;
        this.batch = batch;
        this.buckets = buckets;
        this.contents = contents;
        this.uploads = uploads;
    }

    Outcome apply(WindowChange change, JournalRecord record) {
        return switch (change) {
            case WindowChange.CloseWindow close -> close(close, record);
            case WindowChange.ConfirmDropped confirm -> confirm(confirm, record);
        };
    }

    private Outcome close(WindowChange.CloseWindow close, JournalRecord record) {
        WindowRow window = WindowRow.read(batch);
        int forgotten = 0;
        List<Ended> due = due(window, close);
        for (Ended ended : due) {
            if (forgotten >= close.limit()) {
                return closed(window, forgotten, true);
            }
            Forgotten done = forget(ended, close.limit() - forgotten, record);
            forgotten += done.count();
            long position = Math.max(window.closedPosition(), done.endPosition());
            window = window.closedTo(ended.micros(), position);
        }
        forgotten += review(close.limit() - forgotten, record);
        turns.forget(close.beforeMicros(), window.closedPosition(), close.limit(), record);
        long firstTimes = times.forget(window.firstTimes(), window.closedPosition(), close.limit());
        window = window.timesFrom(firstTimes);
        boolean moreDue = !due(window, close).isEmpty() || SnapshotTable.hasReview(batch);
        return closed(window, forgotten, moreDue);
    }

    /**
     * Looks at what was held for a snapshot that is gone.
     *
     * @return how much of the limit it took
     */
    private int review(int limit, JournalRecord record) {
        SnapshotTable.Review review = limit <= 0 ? null : snapshots.review(limit);
        if (review == null) {
            return 0;
        }
        for (SnapshotTable.Held held : review.held()) {
            byte[] rowKey = historyKey(EndedRow.decode(held.value()), held.id());
            HistoryRow past = history(rowKey, held.id());
            if (!snapshots.holds(review.bucketId(), past)) {
                contents.release(past.row().content(), record.position());
                batch.delete(rowKey);
                snapshots.drop(held);
            }
        }
        snapshots.reviewed(review);
        return review.held().size();
    }

    private Outcome closed(WindowRow window, int forgotten, boolean moreDue) {
        window.write(batch);
        return new Outcome.WindowClosed(forgotten, moreDue);
    }

    /** The oldest entries that ended before the moment, one more than the limit if there are. */
    private List<Ended> due(WindowRow window, WindowChange.CloseWindow close) {
        byte[] from = NamespaceKeys.of(NamespaceKeys.ENDED, window.closedMicros());
        byte[] to = NamespaceKeys.of(NamespaceKeys.ENDED, close.beforeMicros());
        List<Ended> due = new ArrayList<>();
        if (close.beforeMicros() <= window.closedMicros()) {
            return due;
        }
        try (ViewCursor cursor = batch.scan(from, to)) {
            for (; cursor.valid() && due.size() <= close.limit(); cursor.next()) {
                due.add(new Ended(cursor.key(), cursor.value()));
            }
        }
        return due;
    }

    private Forgotten forget(Ended ended, int limit, JournalRecord record) {
        EndedRow row = EndedRow.decode(ended.value());
        return switch (row) {
            case EndedRow.Version version -> forgetVersion(version.bucketId(), row, ended, record);
            case EndedRow.Revision revision ->
                    forgetVersion(revision.bucketId(), row, ended, record);
            case EndedRow.Upload upload -> {
                batch.delete(NamespaceKeys.of(NamespaceKeys.COMPLETED, ended.id()));
                batch.delete(ended.key(), ended.value());
                yield new Forgotten(1, 0);
            }
            case EndedRow.Bucket bucket -> forgetBucket(ended, limit, record);
        };
    }

    /** Where what a version said is in history. */
    private static byte[] historyKey(EndedRow row, long id) {
        return switch (row) {
            case EndedRow.Version version ->
                    NamespaceKeys.version(
                            NamespaceKeys.HISTORY,
                            version.bucketId(),
                            NamespaceKeys.utf8(version.key()),
                            id);
            case EndedRow.Revision revision ->
                    NamespaceKeys.historyFrom(
                            revision.bucketId(),
                            NamespaceKeys.utf8(revision.key()),
                            revision.position(),
                            id);
            case EndedRow.Upload upload -> throw new IllegalStateException("an upload: " + id);
            case EndedRow.Bucket bucket -> throw new IllegalStateException("a bucket: " + id);
        };
    }

    private HistoryRow history(byte[] rowKey, long id) {
        byte[] value = batch.get(rowKey);
        if (value == null) {
            throw new IllegalStateException("no history at " + id);
        }
        return HistoryRow.decode(value);
    }

    /** No moment but those of snapshots can be read without it from now on, held or not. */
    private Forgotten forgetVersion(
            long bucketId, EndedRow row, Ended ended, JournalRecord record) {
        byte[] rowKey = historyKey(row, ended.id());
        HistoryRow past = history(rowKey, ended.id());
        if (snapshots.holds(bucketId, past)) {
            snapshots.hold(bucketId, ended.key(), ended.value());
        } else {
            contents.release(past.row().content(), record.position());
            batch.delete(rowKey);
        }
        batch.delete(ended.key(), ended.value());
        return new Forgotten(1, past.removedPosition());
    }

    private Forgotten forgetBucket(Ended ended, int limit, JournalRecord record) {
        int aborted = uploads.abortAll(ended.id(), limit, record);
        if (aborted == limit) {
            return new Forgotten(aborted, 0);
        }
        long removedPosition = buckets.forget(ended.id());
        batch.delete(ended.key(), ended.value());
        return new Forgotten(aborted + 1, removedPosition);
    }

    /** What later records release is still to be dropped, whatever position is named. */
    private Outcome confirm(WindowChange.ConfirmDropped confirm, JournalRecord record) {
        WindowRow window = WindowRow.read(batch);
        long through = Math.min(confirm.throughPosition(), record.position() - 1);
        if (through <= window.droppedPosition()) {
            return new Outcome.Applied();
        }
        byte[] from = NamespaceKeys.of(NamespaceKeys.RELEASED, window.droppedPosition() + 1);
        byte[] to = NamespaceKeys.of(NamespaceKeys.RELEASED, through + 1);
        try (ViewCursor cursor = batch.scan(from, to)) {
            for (; cursor.valid(); cursor.next()) {
                batch.delete(cursor.key(), cursor.value());
            }
        }
        window.droppedTo(through).write(batch);
        return new Outcome.Applied();
    }
}
