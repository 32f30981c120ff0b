package io.varve.projections.namespace;

import io.varve.journal.RecordReader;
import io.varve.journal.record.JournalRecord;
import io.varve.projections.Checkpoint;
import io.varve.projections.ViewDamagedException;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The records just before a view's checkpoint: their requests are remembered, and the last one
 * tells whether the view was made from this journal.
 */
final class JournalTail {
    private static final int READ_COUNT = 1024;

    private JournalTail() {}

    /** Whether the checkpoint is one of this journal. */
    static void check(RecordSource journal, Checkpoint checkpoint) {
        requireNotAhead(journal, checkpoint);
        if (checkpoint.position() == 0) {
            return;
        }
        try (RecordReader reader = journal.read(checkpoint.position())) {
            requireMadeBy(checkpoint, reader.next(1).getFirst());
        }
    }

    /** Has the namespace remember the requests of the last records, after the same checks. */
    static void recall(RecordSource journal, Checkpoint checkpoint, Namespace namespace) {
        requireNotAhead(journal, checkpoint);
        JournalRecord last = recall(journal, checkpoint.position(), namespace);
        if (last != null) {
            requireMadeBy(checkpoint, last);
        }
    }

    private static void requireNotAhead(RecordSource journal, Checkpoint checkpoint) {
        if (checkpoint.position() > journal.endPosition()) {
            throw new ViewDamagedException(
                    "view is ahead of the journal: applied="
                            + checkpoint.position()
                            + ", end="
                            + journal.endPosition());
        }
    }

    private static void requireMadeBy(Checkpoint checkpoint, JournalRecord last) {
        if (!checkpoint.madeBy(last)) {
            throw new ViewDamagedException(
                    "view was made from another journal: position=" + checkpoint.position());
        }
    }

    private static @Nullable JournalRecord recall(
            RecordSource journal, long position, Namespace namespace) {
        JournalRecord last = null;
        long left = position - namespace.firstRecentPosition() + 1;
        try (RecordReader reader = journal.read(namespace.firstRecentPosition())) {
            while (left > 0) {
                List<JournalRecord> records = reader.next((int) Math.min(left, READ_COUNT));
                if (records.isEmpty()) {
                    throw new ViewDamagedException("journal ends before the view: missing=" + left);
                }
                records.forEach(namespace::remember);
                left -= records.size();
                last = records.getLast();
            }
        }
        return last;
    }
}
