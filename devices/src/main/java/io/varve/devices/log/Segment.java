package io.varve.devices.log;

import io.varve.devices.file.DeviceFile;
import io.varve.devices.file.DeviceFiles;

import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One segment file and what is known of its present life.
 *
 * <p>Thread: state, sequence and byte counts are changed by the log's agent (or while opening) and
 * may be read by anyone; the tombstone counts belong to the agent alone; the reader may be asked
 * for by anyone.
 */
final class Segment {
    /** The life of a segment file. */
    enum State {
        /** Holds nothing that is needed. */
        FREE,
        /** Has its header, waits to be written. */
        PREPARED,
        /** Takes records. */
        OPEN,
        /** Has its footer; only read. */
        SEALED,
        /** Its header is lost: neither read nor used again. */
        LOST;

        boolean mayBecome(State next) {
            return switch (this) {
                case FREE -> next != OPEN;
                case PREPARED -> next == OPEN;
                case OPEN -> next == SEALED;
                case SEALED -> next == FREE;
                case LOST -> false;
            };
        }
    }

    private final int slot;
    private final String name;
    private final AtomicLong liveBytes = new AtomicLong();
    private final Long2LongHashMap tombstoneBytes = new Long2LongHashMap(0);
    private final ReentrantLock opening = new ReentrantLock();
    private final ReentrantLock sizing = new ReentrantLock();
    private volatile State state = State.FREE;
    private volatile long sequence;
    private volatile int maxBatchBytes;
    private volatile long dataEnd = SegmentHeader.SIZE_BYTES;
    private volatile long allocatedBytes;
    private volatile boolean mayHoldTwins;
    private volatile @Nullable DeviceFile reader;

    Segment(int slot) {
        this.slot = slot;
        this.name = name(slot);
    }

    static String name(int slot) {
        return "segment-%08d".formatted(slot);
    }

    /** The slot of a file name; -1 when it is not a segment's. */
    static int slotOf(String name) {
        return name.matches("segment-\\d{8}") ? Integer.parseInt(name.substring(8)) : -1;
    }

    int slot() {
        return slot;
    }

    String name() {
        return name;
    }

    State state() {
        return state;
    }

    void become(State next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(
                    "segment %d cannot go from %s to %s".formatted(sequence, state, next));
        }
        state = next;
    }

    /** Which life of the file this is; 0 = none yet. */
    long sequence() {
        return sequence;
    }

    /**
     * Begins a life.
     *
     * @param newMaxBatchBytes as its header has it, for good
     */
    void begin(long newSequence, int newMaxBatchBytes) {
        sequence = newSequence;
        maxBatchBytes = newMaxBatchBytes;
        dataEnd = SegmentHeader.SIZE_BYTES;
        liveBytes.set(0);
        tombstoneBytes.clear();
        mayHoldTwins = false;
    }

    /** How far a batch may reach that was cut off, in this life. */
    int maxBatchBytes() {
        return maxBatchBytes;
    }

    /** Where the records end. */
    long dataEnd() {
        return dataEnd;
    }

    void dataEnd(long offset) {
        dataEnd = offset;
    }

    /** How much of the file is on media, zeroed or used. */
    long allocatedBytes() {
        return allocatedBytes;
    }

    void allocatedBytes(long bytes) {
        allocatedBytes = bytes;
    }

    /**
     * Held while the file's size changes or is relied on: growth and sealing exclude each other.
     */
    ReentrantLock sizing() {
        return sizing;
    }

    /** Bytes of records still needed. */
    long liveBytes() {
        return liveBytes.get();
    }

    void addLive(long bytes) {
        liveBytes.addAndGet(bytes);
    }

    long deadBytes() {
        return dataEnd - SegmentHeader.SIZE_BYTES - liveBytes.get();
    }

    /** Counts a tombstone that is needed for as long as a segment is there. */
    void addTombstone(long deletedIn, long bytes) {
        tombstoneBytes.put(deletedIn, tombstoneBytes.get(deletedIn) + bytes);
        liveBytes.addAndGet(bytes);
    }

    /** Takes back what {@link #addTombstone} counted, because the tombstone is elsewhere now. */
    void removeTombstone(long deletedIn, long bytes) {
        long counted = tombstoneBytes.get(deletedIn);
        if (counted > bytes) {
            tombstoneBytes.put(deletedIn, counted - bytes);
            liveBytes.addAndGet(-bytes);
        } else {
            forgetTombstonesFor(deletedIn);
        }
    }

    /** Says that a segment is gone, and with it the need for tombstones of its blobs. */
    void forgetTombstonesFor(long deletedIn) {
        liveBytes.addAndGet(-tombstoneBytes.remove(deletedIn));
    }

    /**
     * Whether records of it may be elsewhere too under the same number, because a compaction began:
     * until it is released, no tombstone may be dropped, for it may be what keeps such a record
     * dead.
     */
    boolean mayHoldTwins() {
        return mayHoldTwins;
    }

    void markTwins() {
        mayHoldTwins = true;
    }

    /** The file, for reading. */
    DeviceFile reader(DeviceFiles files) throws IOException {
        DeviceFile current = reader;
        return current != null ? current : openReader(files);
    }

    /** The file, if it was asked for before; asking anew may have to wait for the device. */
    @Nullable DeviceFile openedReader() {
        return reader;
    }

    private DeviceFile openReader(DeviceFiles files) throws IOException {
        opening.lock();
        try {
            DeviceFile current = reader;
            if (current == null) {
                current = files.openForRead(name);
                reader = current;
            }
            return current;
        } finally {
            opening.unlock();
        }
    }

    void closeReader() throws IOException {
        opening.lock();
        try {
            DeviceFile current = reader;
            reader = null;
            if (current != null) {
                current.close();
            }
        } finally {
            opening.unlock();
        }
    }
}
