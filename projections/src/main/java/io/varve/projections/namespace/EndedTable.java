package io.varve.projections.namespace;

import io.varve.journal.record.JournalRecord;
import io.varve.projections.ViewBatch;

/**
 * What has ended and is kept until the window closes: history, and an index of it by the time at
 * which each thing ended. Single-threaded: owned by the fold.
 */
final class EndedTable {
    private final ViewBatch batch;

    EndedTable(ViewBatch batch) {
        this.batch = batch;
    }

    /** A version is shown no longer from this record on, or says something else. */
    void end(long bucketId, byte[] key, VersionRow row, JournalRecord record) {
        long id = row.revision();
        byte[] rowKey = NamespaceKeys.history(bucketId, key, row);
        batch.insert(rowKey, HistoryRow.of(record, row).toBytes());
        String text = NamespaceKeys.text(key);
        EndedRow ended =
                id == row.position()
                        ? new EndedRow.Version(bucketId, text)
                        : new EndedRow.Revision(bucketId, text, row.position());
        index(id, ended, record);
    }

    void endUpload(long uploadId, JournalRecord record) {
        index(uploadId, new EndedRow.Upload(), record);
    }

    void endBucket(long bucketId, JournalRecord record) {
        index(bucketId, new EndedRow.Bucket(), record);
    }

    /** No two things that one record ends were made by the same record, so the key is unique. */
    private void index(long id, EndedRow ended, JournalRecord record) {
        byte[] rowKey = NamespaceKeys.of(NamespaceKeys.ENDED, record.timeMicros(), id);
        batch.insert(rowKey, ended.toBytes());
    }
}
