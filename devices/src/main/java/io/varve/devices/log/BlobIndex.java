package io.varve.devices.log;

import io.varve.devices.BlobId;
import io.varve.devices.BlobVisitor;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.StampedLock;
import java.util.stream.Stream;

/**
 * Off-heap map from blob id to the place of its record: 32 bytes per entry, 40 to 50 per blob with
 * free room counted.
 *
 * <p>Thread: one writer (the log's agent), any number of readers. It is split into shards, each an
 * open-addressing table with linear probing and its own lock; readers try without the lock first. A
 * shard grows by half when four fifths full: its new table is built beside the old one while reads
 * go on, so that no one waits for more than a pointer swap, and the writer only for a 256th of the
 * index.
 *
 * <p>While a device is opened its tombstones are in here too, so that older records of the same
 * blob are known to be dead whatever the order of reading; {@link #endLoad} drops them.
 *
 * <pre>
 *    0    +-------------------------------+
 *         | blob id, high                 |
 *    8    +-------------------------------+
 *         | blob id, low                  |
 *   16    +---------------+---------------+
 *         | slot          | offset / 8    |  tombstone: record number
 *   24    +---------------+---------------+
 *         | shape         | kind          |  kind 0 = empty; tombstone: low half of deletedIn
 *   32    +---------------+---------------+
 * </pre>
 */
final class BlobIndex {
    static final int SHARD_COUNT = 256;
    static final int ENTRY_BYTES = 32;

    private static final int ID_LOW = 8;
    private static final int SLOT = 16;
    private static final int PLACE = 20;
    private static final int SHAPE = 24;
    private static final int KIND = 28;
    private static final int KIND_EMPTY = 0;
    private static final int KIND_BLOB = 1;
    private static final int KIND_TOMBSTONE = 2;
    private static final int MIN_CAPACITY = 16;

    private final Shard[] shards = new Shard[SHARD_COUNT];
    private final AtomicLong blobCount = new AtomicLong();

    BlobIndex() {
        // One allocation for all: most devices of a small site stay small.
        int tableBytes = MIN_CAPACITY * ENTRY_BYTES;
        ByteBuffer first = ByteBuffer.allocateDirect(SHARD_COUNT * tableBytes);
        for (int i = 0; i < SHARD_COUNT; i++) {
            shards[i] = new Shard(new Table(first.slice(i * tableBytes, tableBytes)));
        }
    }

    long blobCount() {
        return blobCount.get();
    }

    @Nullable BlobPlace find(long high, long low) {
        long hash = hash(high, low);
        return shard(hash).find(hash, high, low);
    }

    /** Adds or moves a blob. */
    void put(long high, long low, int slot, long offset, int shape) {
        long hash = hash(high, low);
        Shard shard = shard(hash);
        shard.makeRoom();
        long stamp = shard.lock.writeLock();
        try {
            if (shard.put(hash, high, low, slot, offset, shape) == KIND_EMPTY) {
                blobCount.incrementAndGet();
            }
        } finally {
            shard.lock.unlockWrite(stamp);
        }
    }

    /** Drops a blob; returns whether it was there. */
    boolean remove(long high, long low) {
        long hash = hash(high, low);
        Shard shard = shard(hash);
        long stamp = shard.lock.writeLock();
        try {
            int at = shard.table.indexOf(hash, high, low);
            if (at < 0) {
                return false;
            }
            shard.uncount(at);
            shard.removeAt(at);
            blobCount.decrementAndGet();
            return true;
        } finally {
            shard.lock.unlockWrite(stamp);
        }
    }

    /**
     * Opening only: says that records of the blob up to that number are dead.
     *
     * @param deletedIn sequence of the segment that had the record which the tombstone was made for
     * @return the place of a record that was in the index until now; null for none
     */
    @Nullable BlobPlace loadTombstone(long high, long low, long number, long deletedIn) {
        long hash = hash(high, low);
        BlobPlace dead = shard(hash).loadTombstone(hash, high, low, number, (int) deletedIn);
        if (dead != null) {
            blobCount.lazySet(blobCount.get() - 1);
        }
        return dead;
    }

    /** What became of a record shown to the index while opening. */
    enum Loaded {
        ADDED,
        /** A tombstone of a higher number is there. */
        DEAD,
        /** As before, but made for a record in another segment, which may be released sooner. */
        DEAD_TWIN,
        /** Another record of the blob is there, which stays. */
        TWIN
    }

    /**
     * Opening only: shows a record to the index.
     *
     * @param sequence of the segment it is in
     */
    Loaded loadBlob(
            long high, long low, int slot, long offset, int shape, long number, long sequence) {
        long hash = hash(high, low);
        Loaded loaded =
                shard(hash).loadBlob(hash, high, low, slot, offset, shape, number, (int) sequence);
        if (loaded == Loaded.ADDED) {
            blobCount.lazySet(blobCount.get() + 1);
        }
        return loaded;
    }

    /** Opening only: makes room for so many more blobs, instead of growing step by step. */
    void expect(int blobs) {
        for (Shard shard : shards) {
            shard.expect(blobs / SHARD_COUNT);
        }
    }

    /** Opening only: drops the tombstones, after which the index may be shared. */
    void endLoad() {
        for (Shard shard : shards) {
            shard.dropTombstones();
        }
    }

    /**
     * Copies a shard's table as it is at this moment.
     *
     * @return its length in bytes, negative when the target has no room for it
     */
    int copyShard(int number, ByteBuffer target, int at) {
        return shards[number].copyTo(target, at);
    }

    /**
     * Opening only: takes a table that {@link #copyShard} gave, which becomes part of the index.
     */
    void loadShard(int number, ByteBuffer entries) {
        shards[number].table = new Table(entries);
    }

    /**
     * Opening only, after tables were taken: drops what is not to be kept, and counts the rest.
     *
     * @param coveredUpTo by slot, the offset from which on places are dropped
     * @param live by slot, to which the lengths of the records that stay are added
     */
    void sift(long[] coveredUpTo, long[] live) {
        long total = 0;
        for (Shard shard : shards) {
            total += shard.sift(coveredUpTo, live);
        }
        blobCount.set(total);
    }

    /** Shows every blob that is there throughout, once; not one shard is held meanwhile. */
    void forEach(BlobVisitor visitor) {
        for (int shard = 0; shard < SHARD_COUNT; shard++) {
            forEach(shard, visitor);
        }
    }

    /** Shows every blob of one shard; a blob is in the same shard of every index. */
    void forEach(int shard, BlobVisitor visitor) {
        long[] copy = shards[shard].copy();
        for (int i = 0; i < copy.length; i += 3) {
            visitor.visit(
                    new BlobId(copy[i], copy[i + 1]), BlobPlace.payloadBytes((int) copy[i + 2]));
        }
    }

    /** Has a tally kept from now on, and what is there already counted; replaces its pool's. */
    void keep(GroupTally tally) {
        for (Shard shard : shards) {
            shard.keep(tally);
        }
    }

    /** Off-heap bytes taken. */
    long sizeBytes() {
        long total = 0;
        for (Shard shard : shards) {
            total += (long) shard.table.capacity * ENTRY_BYTES;
        }
        return total;
    }

    private Shard shard(long hash) {
        return shards[(int) (hash >>> 56)];
    }

    /** The shard of a blob in every index. */
    static int shardOf(long high, long low) {
        return (int) (hash(high, low) >>> 56);
    }

    private static long hash(long high, long low) {
        long h = (high * 0x9E37_79B9_7F4A_7C15L) ^ low;
        h = (h ^ h >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        h = (h ^ h >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        return h ^ h >>> 32;
    }

    /** The entries of one shard; replaced as a whole when it grows. */
    private static final class Table {
        final int capacity;
        final UnsafeBuffer entries;

        Table(ByteBuffer entries) {
            this.capacity = entries.capacity() / ENTRY_BYTES;
            this.entries = new UnsafeBuffer(entries);
        }

        static Table allocate(int capacity) {
            return new Table(ByteBuffer.allocateDirect(Math.multiplyExact(capacity, ENTRY_BYTES)));
        }

        /** Where probing for a hash begins: its place in proportion, so growing keeps the order. */
        int home(long hash) {
            return (int) (((hash & 0xffff_ffffL) * capacity) >>> 32);
        }

        int next(int entry) {
            return entry + 1 == capacity ? 0 : entry + 1;
        }

        int kind(int entry) {
            return entries.getInt(entry * ENTRY_BYTES + KIND);
        }

        long high(int entry) {
            return entries.getLong(entry * ENTRY_BYTES);
        }

        long low(int entry) {
            return entries.getLong(entry * ENTRY_BYTES + ID_LOW);
        }

        /** The entry of that id, or the complement of the empty one where it would go. */
        int indexOf(long hash, long high, long low) {
            int entry = home(hash);
            // A torn optimistic read can see no empty entry: the bound ends it, validation fails.
            for (int i = 0; i < capacity; i++) {
                int kind = kind(entry);
                if (kind == KIND_EMPTY) {
                    return ~entry;
                }
                if (low(entry) == low && high(entry) == high) {
                    return entry;
                }
                entry = next(entry);
            }
            return Integer.MIN_VALUE;
        }

        int slot(int entry) {
            return entries.getInt(entry * ENTRY_BYTES + SLOT);
        }

        long offset(int entry) {
            return Integer.toUnsignedLong(entries.getInt(entry * ENTRY_BYTES + PLACE))
                    * RecordDescriptor.ALIGNMENT_BYTES;
        }

        int shape(int entry) {
            return entries.getInt(entry * ENTRY_BYTES + SHAPE);
        }

        BlobPlace place(int entry) {
            return new BlobPlace(slot(entry), offset(entry), shape(entry));
        }

        boolean isStale(int entry, long[] coveredUpTo) {
            int slot = slot(entry);
            return slot >= coveredUpTo.length || offset(entry) >= coveredUpTo[slot];
        }

        int payloadBytes(int entry) {
            return BlobPlace.payloadBytes(entries.getInt(entry * ENTRY_BYTES + SHAPE));
        }

        void set(int entry, long high, long low, int slot, long offset, int shape) {
            int at = entry * ENTRY_BYTES;
            entries.putLong(at, high);
            entries.putLong(at + ID_LOW, low);
            entries.putInt(at + SLOT, slot);
            entries.putInt(at + PLACE, (int) (offset / RecordDescriptor.ALIGNMENT_BYTES));
            entries.putInt(at + SHAPE, shape);
            entries.putInt(at + KIND, KIND_BLOB);
        }

        void move(int from, Table target, int to) {
            target.entries.putBytes(to * ENTRY_BYTES, entries, from * ENTRY_BYTES, ENTRY_BYTES);
        }

        void clear(int entry) {
            entries.putInt(entry * ENTRY_BYTES + KIND, KIND_EMPTY);
        }
    }

    private static final class Shard {
        final StampedLock lock = new StampedLock();
        volatile Table table;
        private int size;
        private GroupTally[] tallies = {};

        /** How many were loaded, some perhaps overwritten since. */
        private int tombstones;

        Shard(Table table) {
            this.table = table;
        }

        @Nullable BlobPlace find(long hash, long high, long low) {
            long stamp = lock.tryOptimisticRead();
            if (stamp != 0) {
                BlobPlace place = findIn(table, hash, high, low);
                if (lock.validate(stamp)) {
                    return place;
                }
            }
            stamp = lock.readLock();
            try {
                return findIn(table, hash, high, low);
            } finally {
                lock.unlockRead(stamp);
            }
        }

        private static @Nullable BlobPlace findIn(Table table, long hash, long high, long low) {
            int entry = table.indexOf(hash, high, low);
            return entry < 0 ? null : table.place(entry);
        }

        void expect(int more) {
            long wanted = (size + (long) more) * 5 / 4 + 1;
            // By a quarter at least, or many small segments would each mean a new table.
            if (wanted > table.capacity) {
                grow((int) Math.max(wanted, table.capacity + table.capacity / 4L));
            }
        }

        /** Grows when one more would be too many. */
        void makeRoom() {
            Table old = table;
            if ((size + 1) * 5L > old.capacity * 4L) {
                grow(old.capacity + old.capacity / 4);
            }
        }

        /** Readers go on with the old table while the new one is filled. */
        private void grow(int capacity) {
            Table old = table;
            Table grown = Table.allocate(capacity);
            for (int entry = 0; entry < old.capacity; entry++) {
                if (old.kind(entry) != KIND_EMPTY) {
                    long high = old.high(entry);
                    long low = old.low(entry);
                    old.move(entry, grown, ~grown.indexOf(hash(high, low), high, low));
                }
            }
            long stamp = lock.writeLock();
            table = grown;
            lock.unlockWrite(stamp);
        }

        /** Returns the kind of entry that was there before. */
        int put(long hash, long high, long low, int slot, long offset, int shape) {
            int entry = table.indexOf(hash, high, low);
            int before = entry < 0 ? KIND_EMPTY : table.kind(entry);
            if (entry < 0) {
                entry = ~entry;
                size++;
            } else {
                uncount(entry);
            }
            table.set(entry, high, low, slot, offset, shape);
            for (GroupTally tally : tallies) {
                tally.added(high, low, BlobPlace.payloadBytes(shape));
            }
            return before;
        }

        private void uncount(int entry) {
            Table t = table;
            for (GroupTally tally : tallies) {
                tally.removed(t.high(entry), t.low(entry), t.payloadBytes(entry));
            }
        }

        void keep(GroupTally tally) {
            long stamp = lock.writeLock();
            try {
                Table t = table;
                for (int entry = 0; entry < t.capacity; entry++) {
                    if (t.kind(entry) == KIND_BLOB) {
                        tally.added(t.high(entry), t.low(entry), t.payloadBytes(entry));
                    }
                }
                tallies = with(tally);
            } finally {
                lock.unlockWrite(stamp);
            }
        }

        private GroupTally[] with(GroupTally tally) {
            return Stream.concat(
                            Arrays.stream(tallies).filter(of -> of.poolId() != tally.poolId()),
                            Stream.of(tally))
                    .toArray(GroupTally[]::new);
        }

        /** Empties an entry and moves those behind it up, so that probing never meets a gap. */
        void removeAt(int removed) {
            Table t = table;
            int gap = removed;
            int entry = t.next(gap);
            while (t.kind(entry) != KIND_EMPTY) {
                int home = t.home(hash(t.high(entry), t.low(entry)));
                boolean mayMove =
                        gap <= entry ? home <= gap || home > entry : home <= gap && home > entry;
                if (mayMove) {
                    t.move(entry, t, gap);
                    gap = entry;
                }
                entry = t.next(entry);
            }
            t.clear(gap);
            size--;
        }

        @Nullable BlobPlace loadTombstone(
                long hash, long high, long low, long number, int deletedIn) {
            makeRoom();
            BlobPlace dead = null;
            Table t = table;
            int entry = t.indexOf(hash, high, low);
            if (entry < 0) {
                entry = ~entry;
                size++;
            } else if (t.kind(entry) == KIND_TOMBSTONE
                    && t.entries.getLong(entry * ENTRY_BYTES + SLOT) >= number) {
                return null;
            } else if (t.kind(entry) == KIND_BLOB) {
                dead = t.place(entry);
            }
            int at = entry * ENTRY_BYTES;
            t.entries.putLong(at, high);
            t.entries.putLong(at + ID_LOW, low);
            t.entries.putLong(at + SLOT, number);
            t.entries.putInt(at + SHAPE, deletedIn);
            t.entries.putInt(at + KIND, KIND_TOMBSTONE);
            tombstones++;
            return dead;
        }

        Loaded loadBlob(
                long hash,
                long high,
                long low,
                int slot,
                long offset,
                int shape,
                long number,
                int sequence) {
            makeRoom();
            Table t = table;
            int entry = t.indexOf(hash, high, low);
            if (entry < 0) {
                entry = ~entry;
                size++;
            } else if (t.kind(entry) == KIND_BLOB) {
                return Loaded.TWIN;
            } else if (t.entries.getLong(entry * ENTRY_BYTES + SLOT) > number) {
                boolean madeForIt = t.entries.getInt(entry * ENTRY_BYTES + SHAPE) == sequence;
                return madeForIt ? Loaded.DEAD : Loaded.DEAD_TWIN;
            }
            t.set(entry, high, low, slot, offset, shape);
            return Loaded.ADDED;
        }

        /**
         * Of a copy; returns how many stay. Most shards hold nothing stale: those are read once.
         */
        int sift(long[] coveredUpTo, long[] live) {
            size = countLive(coveredUpTo, live);
            if (size < 0) {
                dropStale(coveredUpTo);
                size = countLive(coveredUpTo, live);
            }
            return size;
        }

        /** Adds what is live, or nothing when an entry is stale: then returns -1. */
        private int countLive(long[] coveredUpTo, long[] live) {
            UnsafeBuffer entries = table.entries;
            int end = table.capacity * ENTRY_BYTES;
            int count = 0;
            // Two fields at once (a saved table is little-endian): this loop is what a start waits
            // for.
            for (int at = 0; at < end; at += ENTRY_BYTES) {
                long shapeAndKind = entries.getLong(at + SHAPE);
                if (shapeAndKind >>> Integer.SIZE == KIND_EMPTY) {
                    continue;
                }
                long slotAndPlace = entries.getLong(at + SLOT);
                int slot = (int) slotAndPlace;
                long offset = (slotAndPlace >>> Integer.SIZE) * RecordDescriptor.ALIGNMENT_BYTES;
                if (slot >= coveredUpTo.length || offset >= coveredUpTo[slot]) {
                    takeBack(at / ENTRY_BYTES, live);
                    return -1;
                }
                live[slot] += BlobPlace.recordBytes((int) shapeAndKind);
                count++;
            }
            return count;
        }

        private void takeBack(int end, long[] live) {
            Table t = table;
            for (int entry = 0; entry < end; entry++) {
                if (t.kind(entry) != KIND_EMPTY) {
                    live[t.slot(entry)] -= BlobPlace.recordBytes(t.shape(entry));
                }
            }
        }

        private void dropStale(long[] coveredUpTo) {
            int entry = 0;
            while (entry < table.capacity) {
                if (table.kind(entry) != KIND_EMPTY && table.isStale(entry, coveredUpTo)) {
                    // What moves into this entry from behind is looked at next.
                    removeAt(entry);
                } else {
                    entry++;
                }
            }
        }

        int copyTo(ByteBuffer target, int at) {
            long stamp = lock.readLock();
            try {
                Table t = table;
                int bytes = t.capacity * ENTRY_BYTES;
                if (at + bytes > target.capacity()) {
                    return -bytes;
                }
                t.entries.getBytes(0, target, at, bytes);
                return bytes;
            } finally {
                lock.unlockRead(stamp);
            }
        }

        void dropTombstones() {
            if (tombstones == 0) {
                return;
            }
            int entry = 0;
            while (entry < table.capacity) {
                if (table.kind(entry) == KIND_TOMBSTONE) {
                    // What moves into this entry from behind is looked at next.
                    removeAt(entry);
                } else {
                    entry++;
                }
            }
        }

        long[] copy() {
            long stamp = lock.readLock();
            try {
                Table t = table;
                long[] copy = new long[size * 3];
                int at = 0;
                for (int entry = 0; entry < t.capacity; entry++) {
                    if (t.kind(entry) == KIND_BLOB) {
                        copy[at++] = t.high(entry);
                        copy[at++] = t.low(entry);
                        copy[at++] = t.shape(entry);
                    }
                }
                return copy;
            } finally {
                lock.unlockRead(stamp);
            }
        }
    }
}
