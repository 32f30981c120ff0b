package io.varve.projections.namespace;

import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;
import io.varve.projections.ViewBatch;

import org.jspecify.annotations.Nullable;

/**
 * Moves versions between the tables that {@link VersionReader} describes, and keeps the bucket's
 * counts. Single-threaded: owned by the fold.
 */
final class VersionTable {
    private final ViewBatch batch;
    private final VersionReader reader;
    private final EndedTable ended;
    private final ExpiryTable expiries;
    private final TurnTable turns;

    VersionTable(ViewBatch batch, EndedTable ended, TurnTable turns) {
        this.turns = turns;
        this.batch = batch;
        this.ended = ended;
        expiries = new ExpiryTable(batch);
        reader = new VersionReader(batch);
    }

    VersionReader reader() {
        return reader;
    }

    /** Makes an object the newest version of its key. */
    void place(
            BucketState bucket,
            byte[] key,
            @Nullable VersionRow current,
            VersionRow next,
            JournalRecord record) {
        makeWay(bucket, key, current, record);
        putCurrent(bucket, key, next);
    }

    /** Makes an object current that another key had before. */
    void arrive(BucketState bucket, byte[] key, VersionRow row, JournalRecord record) {
        if (!turns.isFresh(bucket.id(), key)) {
            turns.turn(bucket.id(), key, row.position(), record);
        }
        place(bucket, key, null, row, record);
    }

    /** Makes a delete marker the newest version of its key. */
    void hide(
            BucketState bucket,
            byte[] key,
            @Nullable VersionRow current,
            VersionRow marker,
            JournalRecord record) {
        makeWay(bucket, key, current, record);
        if (current != null) {
            batch.delete(NamespaceKeys.of(NamespaceKeys.CURRENT, bucket.id(), key));
        }
        putNoncurrent(bucket, key, marker);
    }

    /**
     * What becomes of the versions there are when a newer one comes, by the bucket's versioning.
     */
    private void makeWay(
            BucketState bucket, byte[] key, @Nullable VersionRow current, JournalRecord record) {
        boolean replacesNull = bucket.versioning() == Versioning.SUSPENDED;
        if (current != null) {
            bucket.removeCurrent(current);
            boolean replaced =
                    bucket.versioning() == Versioning.OFF
                            || (replacesNull && current.nullVersion());
            if (replaced) {
                end(bucket, key, current, record);
                replacesNull = false;
            } else {
                putNoncurrent(bucket, key, current);
            }
        }
        if (replacesNull) {
            long position = reader.noncurrentNullPosition(bucket.id(), key);
            if (position != 0) {
                VersionRow old = noncurrent(bucket, key, position);
                takeNoncurrent(bucket, key, old);
                end(bucket, key, old, record);
            }
        }
    }

    /** S3 shows it no longer. */
    private void end(BucketState bucket, byte[] key, VersionRow row, JournalRecord record) {
        expiries.remove(bucket.id(), key, row);
        ended.end(bucket.id(), key, row, record);
    }

    /** The same version says something else from now on; what it said goes to history. */
    void revise(
            BucketState bucket,
            byte[] key,
            VersionRow before,
            VersionRow after,
            boolean current,
            JournalRecord record) {
        end(bucket, key, before, record);
        byte[] rowKey =
                current
                        ? NamespaceKeys.of(NamespaceKeys.CURRENT, bucket.id(), key)
                        : NamespaceKeys.version(
                                NamespaceKeys.NONCURRENT, bucket.id(), key, after.position());
        batch.put(rowKey, after.bytes());
        if (current || after.nullVersion()) {
            expiries.add(bucket.id(), key, after);
        }
    }

    /**
     * Removes one version for good. When it was the newest and the bucket keeps versions, a delete
     * marker comes in its place.
     */
    void expire(
            BucketState bucket,
            byte[] key,
            VersionRow row,
            @Nullable VersionRow marker,
            JournalRecord record) {
        VersionRow current = reader.current(bucket.id(), key);
        boolean newest = current != null && current.position() == row.position();
        if (newest && marker == null) {
            removeCurrent(bucket, key, current, record);
            return;
        }
        if (newest && marker != null) {
            hide(bucket, key, current, marker, record);
        }
        if (reader.noncurrent(bucket.id(), key, row.position()) != null) {
            takeNoncurrent(bucket, key, row);
            end(bucket, key, row, record);
        }
    }

    /**
     * Nothing of the key is current. If what is left would say otherwise, once what was removed is
     * forgotten, that is told.
     */
    private void tellAbsent(
            BucketState bucket, byte[] key, VersionRow removed, JournalRecord record) {
        if (bucket.versioning() == Versioning.OFF) {
            return;
        }
        VersionRow newest = reader.newestNoncurrent(bucket.id(), key);
        if (newest != null && turns.contradictsAbsence(bucket.id(), key, newest, removed)) {
            turns.turn(bucket.id(), key, 0, record);
        }
    }

    private VersionRow noncurrent(BucketState bucket, byte[] key, long position) {
        VersionRow row = reader.noncurrent(bucket.id(), key, position);
        if (row == null) {
            throw new IllegalStateException(
                    "no null version where it should be: bucket="
                            + bucket.id()
                            + ", position="
                            + position);
        }
        return row;
    }

    /** The current row is overwritten or, where there was none, made. */
    private void putCurrent(BucketState bucket, byte[] key, VersionRow row) {
        batch.put(NamespaceKeys.of(NamespaceKeys.CURRENT, bucket.id(), key), row.bytes());
        bucket.addCurrent(row);
        expiries.add(bucket.id(), key, row);
    }

    private void putNoncurrent(BucketState bucket, byte[] key, VersionRow row) {
        byte[] rowKey =
                NamespaceKeys.version(NamespaceKeys.NONCURRENT, bucket.id(), key, row.position());
        batch.insert(rowKey, row.bytes());
        if (!row.nullVersion()) {
            expiries.remove(bucket.id(), key, row);
        } else {
            batch.put(
                    NamespaceKeys.of(NamespaceKeys.NULL_POSITION, bucket.id(), key),
                    new RowWriter().varint(row.position()).toBytes());
        }
        bucket.addNoncurrent(row);
    }

    private void takeNoncurrent(BucketState bucket, byte[] key, VersionRow row) {
        byte[] rowKey =
                NamespaceKeys.version(NamespaceKeys.NONCURRENT, bucket.id(), key, row.position());
        batch.delete(rowKey, row.bytes());
        if (row.nullVersion()) {
            batch.delete(NamespaceKeys.of(NamespaceKeys.NULL_POSITION, bucket.id(), key));
        }
        bucket.removeNoncurrent(row);
    }

    /** Removes the object that a plain read finds, if any, and puts nothing in its place. */
    void removeCurrent(
            BucketState bucket, byte[] key, @Nullable VersionRow current, JournalRecord record) {
        if (current == null) {
            return;
        }
        batch.delete(NamespaceKeys.of(NamespaceKeys.CURRENT, bucket.id(), key));
        bucket.removeCurrent(current);
        end(bucket, key, current, record);
    }

    /**
     * Removes one version for good. When it was the newest, the next one takes its place.
     *
     * @return what was removed; null when there was no such version
     */
    @Nullable VersionRow remove(
            BucketState bucket,
            byte[] key,
            @Nullable VersionRow current,
            VersionId version,
            JournalRecord record) {
        if (current != null && VersionReader.matches(current, version)) {
            removeCurrent(bucket, key, current, record);
            promote(bucket, key, current, record);
            return current;
        }
        VersionRow row = reader.shown(bucket.id(), key, version);
        if (row == null) {
            return null;
        }
        boolean hidesTheKey = current == null && row.deleteMarker() && isNewest(bucket, key, row);
        takeNoncurrent(bucket, key, row);
        end(bucket, key, row, record);
        if (hidesTheKey) {
            promote(bucket, key, row, record);
        }
        return row;
    }

    private boolean isNewest(BucketState bucket, byte[] key, VersionRow row) {
        VersionRow newest = reader.newestNoncurrent(bucket.id(), key);
        return newest != null && newest.position() == row.position();
    }

    /** Removes one version for good, and puts nothing in its place. */
    void removeAlone(BucketState bucket, byte[] key, VersionRow row, JournalRecord record) {
        if (reader.noncurrent(bucket.id(), key, row.position()) == null) {
            removeCurrentAlone(bucket, key, row, record);
            return;
        }
        takeNoncurrent(bucket, key, row);
        end(bucket, key, row, record);
        if (reader.current(bucket.id(), key) == null) {
            tellAbsent(bucket, key, row, record);
        }
    }

    /** Removes what is current for good, and brings no other version to light. */
    void removeCurrentAlone(
            BucketState bucket, byte[] key, VersionRow current, JournalRecord record) {
        removeCurrent(bucket, key, current, record);
        tellAbsent(bucket, key, current, record);
    }

    /** Makes a version current that may be so already. */
    void restore(
            BucketState bucket,
            byte[] key,
            @Nullable VersionRow current,
            VersionRow row,
            JournalRecord record) {
        if (current != null && current.position() == row.position()) {
            return;
        }
        if (current != null) {
            bucket.removeCurrent(current);
            putNoncurrent(bucket, key, current);
        }
        takeNoncurrent(bucket, key, row);
        putCurrent(bucket, key, row);
        turns.turn(bucket.id(), key, row.position(), record);
    }

    /** Leaves the key without a current version, and without a delete marker. */
    void withdraw(BucketState bucket, byte[] key, VersionRow current, JournalRecord record) {
        if (current.nullVersion()) {
            removeCurrentAlone(bucket, key, current, record);
            return;
        }
        batch.delete(NamespaceKeys.of(NamespaceKeys.CURRENT, bucket.id(), key));
        bucket.removeCurrent(current);
        putNoncurrent(bucket, key, current);
        turns.turn(bucket.id(), key, 0, record);
    }

    /** Makes the newest noncurrent version current, if it is an object. */
    private void promote(BucketState bucket, byte[] key, VersionRow removed, JournalRecord record) {
        if (bucket.versioning() == Versioning.OFF) {
            return;
        }
        VersionRow next = reader.newestNoncurrent(bucket.id(), key);
        if (next != null && !next.deleteMarker()) {
            takeNoncurrent(bucket, key, next);
            putCurrent(bucket, key, next);
            turns.turn(bucket.id(), key, next.position(), record);
        } else {
            tellAbsent(bucket, key, removed, record);
        }
    }
}
