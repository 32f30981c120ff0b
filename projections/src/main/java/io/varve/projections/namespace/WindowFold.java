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

    @SuppressWarnings("ArrayRecordComponent")
    private record Ended(byte[] key, byte[] value) {
        long id() {
            return NamespaceKeys.lastId(key);
        }

        long micros() {
            return NamespaceKeys.firstId(key);
        }
    }

    WindowFold(ViewBatch batch, BucketTable buckets, ContentTable contents, UploadTable uploads) {
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
        long closedMicros = window.closedMicros();
        List<Ended> due = due(window, close);
        for (Ended ended : due) {
            if (forgotten >= close.limit()) {
                return closed(window.closedTo(closedMicros), forgotten, true);
            }
            forgotten += forget(ended, close.limit() - forgotten, record);
            closedMicros = ended.micros();
        }
        boolean moreDue = !due(window.closedTo(closedMicros), close).isEmpty();
        return closed(window.closedTo(closedMicros), forgotten, moreDue);
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

    /**
     * @return how much of the limit it took
     */
    private int forget(Ended ended, int limit, JournalRecord record) {
        switch (EndedRow.decode(ended.value())) {
            case EndedRow.Version version -> {
                byte[] rowKey =
                        NamespaceKeys.version(
                                NamespaceKeys.HISTORY,
                                version.bucketId(),
                                NamespaceKeys.utf8(version.key()),
                                ended.id());
                byte[] value = batch.get(rowKey);
                if (value == null) {
                    throw new IllegalStateException("no history at " + ended.id());
                }
                contents.release(HistoryRow.decode(value).row().content(), record.position());
                batch.delete(rowKey);
            }
            case EndedRow.Upload upload ->
                    batch.delete(NamespaceKeys.of(NamespaceKeys.COMPLETED, ended.id()));
            case EndedRow.Bucket bucket -> {
                int aborted = uploads.abortAll(ended.id(), limit, record);
                if (aborted == limit) {
                    return aborted;
                }
                buckets.forget(ended.id());
                batch.delete(ended.key(), ended.value());
                return aborted + 1;
            }
        }
        batch.delete(ended.key(), ended.value());
        return 1;
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
