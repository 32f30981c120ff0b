package io.varve.projections.namespace;

import io.varve.journal.record.JournalRecord;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns ({@link TurnRow}), and an index by which they are forgotten. Single-threaded: owned by the
 * fold.
 *
 * <p>A turn outlives the window as long as it is what tells the current version of its key: it is
 * looked at again a window later. So nobody who puts an object has to look whether there is one.
 */
final class TurnTable {
    private static final byte[] NOTHING = {};

    private final ViewBatch batch;
    private final SnapshotTable snapshots;

    TurnTable(ViewBatch batch, SnapshotTable snapshots) {
        this.batch = batch;
        this.snapshots = snapshots;
    }

    /**
     * @param version that is current from the record on; 0 for none
     */
    void turn(long bucketId, byte[] key, long version, JournalRecord record) {
        TurnRow turn = new TurnRow(record.position(), version);
        byte[] rowKey = NamespaceKeys.version(NamespaceKeys.TURN, bucketId, key, record.position());
        batch.put(rowKey, turn.toBytes());
        batch.put(dueKey(bucketId, key, record.position(), record.timeMicros()), NOTHING);
    }

    private static byte[] dueKey(long bucketId, byte[] key, long position, long micros) {
        return NamespaceKeys.turnDue(micros, position, bucketId, key);
    }

    /** Whether nothing is known of a key but what is current now. */
    boolean isFresh(long bucketId, byte[] key) {
        return isEmpty(NamespaceKeys.NONCURRENT, bucketId, key)
                && isEmpty(NamespaceKeys.HISTORY, bucketId, key)
                && isEmpty(NamespaceKeys.TURN, bucketId, key);
    }

    /**
     * Whether a key of which nothing is current would be taken for having a current version.
     *
     * @param newest of the versions that are left
     * @param removed by the record that is being applied
     */
    boolean contradictsAbsence(long bucketId, byte[] key, VersionRow newest, VersionRow removed) {
        TurnRow last = new StoredKeyRows(batch, bucketId, key).turn(Long.MAX_VALUE);
        if (last == null || last.position() < newest.arrivedPosition()) {
            return !newest.deleteMarker();
        }
        // A turn before what is removed may be forgotten because of it.
        return last.version() != 0 || last.position() < removed.arrivedPosition();
    }

    private boolean isEmpty(byte table, long bucketId, byte[] key) {
        byte[] prefix = NamespaceKeys.escaped(table, bucketId, key);
        try (ViewCursor cursor = batch.scan(prefix, KeyOrder.afterPrefix(prefix))) {
            return !cursor.valid();
        }
    }

    /**
     * Forgets turns that no moment needs any more, and puts off the others that are due.
     *
     * @param closedPosition the first moment that can still be read
     */
    void forget(long beforeMicros, long closedPosition, int limit, JournalRecord record) {
        byte[] from = {NamespaceKeys.TURN_DUE};
        byte[] to = NamespaceKeys.of(NamespaceKeys.TURN_DUE, Math.max(beforeMicros, 0));
        List<byte[]> due = new ArrayList<>();
        try (ViewCursor cursor = batch.scan(from, to)) {
            for (; cursor.valid() && due.size() < limit; cursor.next()) {
                due.add(cursor.key());
            }
        }
        for (byte[] dueKey : due) {
            long position = NamespaceKeys.secondId(dueKey);
            long bucketId = NamespaceKeys.thirdId(dueKey);
            byte[] key = NamespaceKeys.turnDueKey(dueKey);
            batch.delete(dueKey, NOTHING);
            if (isNeeded(bucketId, key, position, closedPosition)) {
                batch.put(dueKey(bucketId, key, position, record.timeMicros()), NOTHING);
            } else {
                batch.delete(NamespaceKeys.version(NamespaceKeys.TURN, bucketId, key, position));
            }
        }
    }

    /** Whether some moment that can be read would be read otherwise without the turn. */
    private boolean isNeeded(long bucketId, byte[] key, long position, long closedPosition) {
        KeyRows rows = new StoredKeyRows(batch, bucketId, key);
        TurnRow turn = rows.turn(position);
        VersionRow newest = PastRule.newestMade(rows, Long.MAX_VALUE);
        if (turn == null || turn.position() != position) {
            throw new IllegalStateException("no turn at " + position);
        }
        if (newest == null) {
            return false;
        }
        if (snapshots.holdsTurn(bucketId, rows, position)) {
            return true;
        }
        if (newest.position() == turn.version()) {
            // Without any turn the newest is taken for current; with an earlier one it is not.
            return rows.turn(position - 1) != null;
        }
        TurnRow last = rows.turn(closedPosition);
        VersionRow made = PastRule.newestMade(rows, closedPosition);
        boolean turnedAgain = last != null && last.position() > position;
        boolean madeAgain = made != null && made.arrivedPosition() > position;
        return !turnedAgain && !madeAgain;
    }
}
