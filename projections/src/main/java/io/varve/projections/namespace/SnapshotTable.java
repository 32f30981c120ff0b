package io.varve.projections.namespace;

import io.varve.journal.record.BucketChange;
import io.varve.journal.record.JournalRecord;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The snapshots of buckets, and what the window would have forgotten but for them. Single-threaded:
 * owned by the fold; the static questions are for readers.
 *
 * <p>What is held leaves the order in which the window forgets, so that nobody walks over it again.
 * When a snapshot goes, all that is held in its bucket is looked at once more, piece by piece.
 */
final class SnapshotTable {
    /** More would make each forgotten version dear. */
    static final int COUNT_MAX = 100;

    private static final int FORMAT_VERSION = 1;

    /** Buckets whose snapshots are remembered; then all are forgotten and read again. */
    private static final int KEPT_COUNT_MAX = 1000;

    private final ViewBatch batch;
    private final Map<Long, long[]> positions = new HashMap<>();

    /** What a snapshot may hold: a row of the table of what has ended. */
    @SuppressWarnings("ArrayRecordComponent")
    record Held(byte[] key, byte[] value) {
        long bucketId() {
            return NamespaceKeys.firstId(key);
        }

        /** What the row is about, as in the key of a row of what has ended. */
        long id() {
            return NamespaceKeys.lastId(key);
        }
    }

    /**
     * What is held in a bucket one of whose snapshots is gone.
     *
     * @param next where the rest begins; null when there is none
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Review(long bucketId, List<Held> held, byte @Nullable [] next) {}

    SnapshotTable(ViewBatch batch) {
        this.batch = batch;
    }

    /** Why it is refused; null when it is done. */
    @Nullable Refusal create(BucketChange.CreateSnapshot create, JournalRecord record) {
        byte[] key = key(create.bucketId(), create.name());
        if (batch.get(key) != null) {
            return Refusal.SNAPSHOT_EXISTS;
        }
        if (positions(create.bucketId()).length >= COUNT_MAX) {
            return Refusal.TOO_MANY_SNAPSHOTS;
        }
        batch.put(
                key,
                new RowWriter()
                        .u8(FORMAT_VERSION)
                        .varint(record.position())
                        .varint(record.timeMicros())
                        .toBytes());
        positions.remove(create.bucketId());
        return null;
    }

    /** Why it is refused; null when it is done. */
    @Nullable Refusal remove(BucketChange.RemoveSnapshot remove) {
        byte[] key = key(remove.bucketId(), remove.name());
        if (batch.get(key) == null) {
            return Refusal.NO_SUCH_SNAPSHOT;
        }
        batch.delete(key);
        byte[] held = NamespaceKeys.of(NamespaceKeys.HELD, remove.bucketId());
        if (!isEmpty(batch, held)) {
            batch.put(reviewKey(remove.bucketId()), held);
        }
        positions.remove(remove.bucketId());
        return null;
    }

    boolean any(long bucketId) {
        return positions(bucketId).length > 0;
    }

    /** Whether the moment of a snapshot would be read otherwise without what is in history. */
    boolean holds(long bucketId, HistoryRow past) {
        for (long position : positions(bucketId)) {
            if (past.heldAt(position)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a turn is the last of its key up to the moment of a snapshot. */
    boolean holdsTurn(long bucketId, KeyRows rows, long turnPosition) {
        for (long position : positions(bucketId)) {
            TurnRow last = position < turnPosition ? null : rows.turn(position);
            if (last != null && last.position() == turnPosition) {
                return true;
            }
        }
        return false;
    }

    /**
     * Keeps a row of what has ended until its bucket is reviewed.
     *
     * @param endedKey with which it was in the table of what has ended
     */
    void hold(long bucketId, byte[] endedKey, byte[] value) {
        batch.insert(
                NamespaceKeys.held(
                        bucketId,
                        NamespaceKeys.firstId(endedKey),
                        NamespaceKeys.secondId(endedKey)),
                value);
    }

    void drop(Held held) {
        batch.delete(held.key(), held.value());
    }

    /** The next piece to look at again; null when there is none. */
    @Nullable Review review(int limit) {
        byte[] prefix = {NamespaceKeys.HELD_REVIEW};
        long bucketId;
        byte[] from;
        try (ViewCursor cursor = batch.scan(prefix, KeyOrder.afterPrefix(prefix))) {
            if (!cursor.valid()) {
                return null;
            }
            bucketId = NamespaceKeys.firstId(cursor.key());
            from = cursor.value();
        }
        byte[] end = KeyOrder.afterPrefix(NamespaceKeys.of(NamespaceKeys.HELD, bucketId));
        List<Held> held = new ArrayList<>();
        try (ViewCursor cursor = batch.scan(from, end)) {
            for (; cursor.valid() && held.size() < limit; cursor.next()) {
                held.add(new Held(cursor.key(), cursor.value()));
            }
            return new Review(bucketId, held, cursor.valid() ? cursor.key() : null);
        }
    }

    void reviewed(Review review) {
        byte[] next = review.next();
        if (next == null) {
            batch.delete(reviewKey(review.bucketId()));
        } else {
            batch.put(reviewKey(review.bucketId()), next);
        }
    }

    /** Whether anything is to be looked at again. */
    static boolean hasReview(ViewReader rows) {
        return !isEmpty(rows, new byte[] {NamespaceKeys.HELD_REVIEW});
    }

    /** In the order of names. */
    static List<Snapshot> of(ViewReader rows, long bucketId) {
        byte[] prefix = NamespaceKeys.of(NamespaceKeys.SNAPSHOT, bucketId);
        List<Snapshot> snapshots = new ArrayList<>();
        try (ViewCursor cursor = rows.scan(prefix, KeyOrder.afterPrefix(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                String name = NamespaceKeys.text(NamespaceKeys.objectKey(cursor.key()));
                snapshots.add(decode(bucketId, name, cursor.value()));
            }
        }
        return snapshots;
    }

    static Optional<Snapshot> find(ViewReader rows, long bucketId, String name) {
        byte[] value = rows.get(key(bucketId, name));
        return value == null ? Optional.empty() : Optional.of(decode(bucketId, name, value));
    }

    private static Snapshot decode(long bucketId, String name, byte[] value) {
        RowReader from = new RowReader(value).version(FORMAT_VERSION);
        return new Snapshot(bucketId, name, new Moment(from.varint(), from.varint()));
    }

    private static boolean isEmpty(ViewReader rows, byte[] prefix) {
        try (ViewCursor cursor = rows.scan(prefix, KeyOrder.afterPrefix(prefix))) {
            return !cursor.valid();
        }
    }

    private static byte[] key(long bucketId, String name) {
        return NamespaceKeys.of(NamespaceKeys.SNAPSHOT, bucketId, NamespaceKeys.utf8(name));
    }

    private static byte[] reviewKey(long bucketId) {
        return NamespaceKeys.of(NamespaceKeys.HELD_REVIEW, bucketId);
    }

    private long[] positions(long bucketId) {
        if (positions.size() > KEPT_COUNT_MAX) {
            positions.clear();
        }
        return positions.computeIfAbsent(
                bucketId,
                id ->
                        of(batch, id).stream()
                                .mapToLong(snapshot -> snapshot.moment().position())
                                .toArray());
    }
}
