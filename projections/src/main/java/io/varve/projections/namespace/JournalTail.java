package io.varve.projections.namespace;

import io.varve.journal.RecordReader;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RequestId;
import io.varve.projections.Checkpoint;
import io.varve.projections.ViewDamagedException;

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
        check(journal, checkpoint);
        long next = namespace.firstRecentPosition();
        try (RecordReader reader = journal.read(next)) {
            while (next <= checkpoint.position()) {
                int count = (int) Math.min(checkpoint.position() - next + 1, READ_COUNT);
                List<RequestId> requests = reader.nextRequests(count);
                if (requests.isEmpty()) {
                    throw new ViewDamagedException("journal ends before the view: next=" + next);
                }
                for (RequestId request : requests) {
                    namespace.remember(next++, request);
                }
            }
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
}
