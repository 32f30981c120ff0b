package io.varve.endpoint.sync;

import io.varve.journal.RecordReader;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.UploadChange;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * Reads the journal once for all containers. One that could take no more, or begins further back
 * than the others, has it read again from there; those who were further take no notice. Owned by
 * the agent's thread.
 */
final class SyncFeed implements AutoCloseable {
    private static final int BATCH = 256;

    private final LongFunction<RecordReader> journal;
    private final Deque<JournalRecord> held = new ArrayDeque<>();
    private @Nullable RecordReader reader;
    private long position;
    private long frontPosition;

    /**
     * @param journal a reader of the records from a position on
     * @param frontPosition what comes after it is news
     */
    SyncFeed(LongFunction<RecordReader> journal, long frontPosition) {
        this.journal = journal;
        this.position = frontPosition;
        this.frontPosition = frontPosition;
    }

    /** Up to where buckets are known. */
    long frontPosition() {
        return frontPosition;
    }

    /**
     * Hands on what there is, at most a batch.
     *
     * @param throughPosition what is later is left for the next time: the view has not got there
     * @param bucketChanged told the id of each bucket whose settings may be others, once per change
     * @return how many records were read
     */
    int poll(
            Collection<SyncedContainer> containers,
            long throughPosition,
            LongConsumer bucketChanged) {
        long from = frontPosition;
        for (SyncedContainer container : containers) {
            if (!container.isFull()) {
                from = Math.min(from, container.readPosition());
            }
        }
        if (reader == null || from < position) {
            seek(from);
        }
        int count = 0;
        for (JournalRecord next = next(throughPosition);
                next != null && count < BATCH;
                next = count < BATCH ? next(throughPosition) : null) {
            position = next.position();
            for (SyncedContainer container : containers) {
                tell(container, next);
            }
            if (position > frontPosition) {
                frontPosition = position;
                long bucketId = changedBucket(next);
                if (bucketId != 0) {
                    bucketChanged.accept(bucketId);
                }
            }
            count++;
        }
        return count;
    }

    private void seek(long from) {
        close();
        reader = journal.apply(from + 1);
        position = from;
    }

    private @Nullable JournalRecord next(long throughPosition) {
        if (held.isEmpty()) {
            RecordReader open = reader;
            if (open != null) {
                held.addAll(open.next(BATCH));
            }
        }
        JournalRecord next = held.peek();
        return next == null || next.position() > throughPosition ? null : held.poll();
    }

    private static void tell(SyncedContainer container, JournalRecord record) {
        if (container.isFull() || record.position() <= container.readPosition()) {
            return;
        }
        switch (record.change()) {
            case ObjectChange change when change.bucketId() == container.bucketId() ->
                    tell(container, record, change);
            case UploadChange.CompleteUpload done when done.bucketId() == container.bucketId() ->
                    container.note(record.position(), done.key(), SyncedContainer.LIVE);
            default -> {}
        }
        container.readThrough(record.position());
    }

    private static void tell(SyncedContainer container, JournalRecord record, ObjectChange change) {
        switch (change) {
            case ObjectChange.PutObject _,
                    ObjectChange.CopyObject _,
                    ObjectChange.SetAttributes _,
                    ObjectChange.RestoreVersion _ ->
                    container.note(record.position(), change.key(), SyncedContainer.LIVE);
            case ObjectChange.DeleteObject delete ->
                    container.note(record.position(), delete.key(), deletedMicros(delete, record));
            case ObjectChange.RemoveVersion _, ObjectChange.WithdrawObject _ ->
                    container.note(record.position(), change.key(), record.timeMicros());
            // The other site was told when it expires, and may have been told otherwise since.
            case ObjectChange.ExpireObject _ -> {}
            // What is there now is as it was.
            case ObjectChange.EraseHistory _ -> {}
            // The same version of the same bytes: there is nothing to tell.
            case ObjectChange.TransitionVersion _ -> {}
        }
    }

    /** When it was asked for, where that was first. */
    private static long deletedMicros(ObjectChange.DeleteObject delete, JournalRecord record) {
        return delete.condition() instanceof Precondition.IfOlder(long originMicros)
                ? originMicros
                : record.timeMicros();
    }

    private static long changedBucket(JournalRecord record) {
        return switch (record.change()) {
            case BucketChange.CreateBucket created ->
                    created.settings().containsKey(SyncSettings.TO) ? record.position() : 0;
            case BucketChange.DeleteBucket deleted -> deleted.bucketId();
            case BucketChange.ChangeBucketSettings changed ->
                    List.of(SyncSettings.TO, SyncSettings.KEY).stream()
                                    .anyMatch(
                                            name ->
                                                    changed.set().containsKey(name)
                                                            || changed.removed().contains(name))
                            ? changed.bucketId()
                            : 0;
            default -> 0;
        };
    }

    @Override
    public void close() {
        held.clear();
        RecordReader open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }
}
