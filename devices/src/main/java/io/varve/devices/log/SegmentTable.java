package io.varve.devices.log;

import static io.varve.devices.file.DeviceFiles.BLOCK_BYTES;

import io.varve.devices.SpaceLimits;
import io.varve.devices.file.DeviceFile;
import io.varve.devices.file.DeviceFiles;

import org.agrona.BufferUtil;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The segment files of a device: which there are, which may be used next, and how much more the
 * device may hold.
 *
 * <p>Invariants: a segment is handed out only when its header is on media; a file is grown by
 * writing zeros, on media before records go there (a sync of overwritten blocks is much cheaper
 * than one that has to allocate), or by large records themselves; a released segment's header says
 * so on media before its space or its tombstones' need is given up.
 *
 * <p>Thread: lookups by anyone; the rest by the agent and one background task at a time, kept apart
 * by a lock.
 */
final class SegmentTable {
    /** Index entries have 24 bits for it, and no device needs more. */
    static final int MAX_SLOTS = 1 << 24;

    private static final int FIRST_STEP_BYTES = 1 << 20;
    private static final int MAX_STEP_BYTES = 8 << 20;

    /** Free files kept for reuse beyond the reserve; more are given back to the file system. */
    private static final int SPARE_FREE_FILES = 2;

    private static final ByteBuffer ZEROS =
            BufferUtil.allocateDirectAligned(256 << 10, BLOCK_BYTES);

    private final DeviceFiles files;
    private final byte[] deviceKey;
    private final SpaceLimits limits;
    private final int maxBatchBytes;
    private final long firstStepBytes;
    private final long maxStepBytes;

    /** Guards the lists; held for moments only. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Held while a file is made ready, which takes long. */
    private final ReentrantLock filling = new ReentrantLock();

    private final Deque<Segment> free = new ArrayDeque<>();

    /** Sequences of the segments that are not free. */
    private final Set<Long> held = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Segment[] slots = new Segment[0];
    private volatile @Nullable Prepared prepared;
    private long lastSequence;
    private volatile int freeCount;
    private volatile int fileCount;
    private volatile long usableBytes;

    /** A segment whose header is on media, and the file to write it with. */
    record Prepared(Segment segment, DeviceFile file) {}

    SegmentTable(DeviceFiles files, byte[] deviceKey, SpaceLimits limits, int maxBatchBytes) {
        this.files = files;
        this.deviceKey = deviceKey;
        this.limits = limits;
        this.maxBatchBytes = maxBatchBytes;
        long eighth = Math.ceilDiv(limits.segmentSizeBytes() / 8, BLOCK_BYTES) * BLOCK_BYTES;
        this.firstStepBytes = Math.min(FIRST_STEP_BYTES, eighth);
        this.maxStepBytes = Math.min(MAX_STEP_BYTES, eighth);
    }

    DeviceFiles files() {
        return files;
    }

    byte[] deviceKey() {
        return deviceKey;
    }

    SpaceLimits limits() {
        return limits;
    }

    int maxBatchBytes() {
        return maxBatchBytes;
    }

    /** The segment of a slot; null when its file is gone. */
    @Nullable Segment at(int slot) {
        @Nullable Segment[] current = slots;
        return slot < current.length ? current[slot] : null;
    }

    /** The segment that the index names. */
    Segment present(int slot) {
        Segment segment = at(slot);
        if (segment == null) {
            throw new IllegalStateException(
                    "the index names slot %d, which is gone".formatted(slot));
        }
        return segment;
    }

    List<Segment> all() {
        List<Segment> all = new ArrayList<>();
        for (Segment segment : slots) {
            if (segment != null) {
                all.add(segment);
            }
        }
        return all;
    }

    /** Whether a life of a segment file still holds records. */
    boolean holds(long sequence) {
        return held.contains(sequence);
    }

    /** Opening: takes in a file that is there. */
    void add(Segment segment) {
        lock.lock();
        try {
            put(segment);
            lastSequence = Math.max(lastSequence, segment.sequence());
            if (segment.state() != Segment.State.FREE) {
                held.add(segment.sequence());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Opening: lets a file that holds nothing be used again. */
    void addFree(Segment segment) {
        lock.lock();
        try {
            free.add(segment);
            countFree();
        } finally {
            lock.unlock();
        }
    }

    /** Opening: sequences up to this one have been used, though their files may be gone. */
    void sequenceUsed(long sequence) {
        lock.lock();
        try {
            lastSequence = Math.max(lastSequence, sequence);
        } finally {
            lock.unlock();
        }
    }

    /** The highest sequence that was ever used. */
    long lastSequence() {
        lock.lock();
        try {
            return lastSequence;
        } finally {
            lock.unlock();
        }
    }

    private void put(Segment segment) {
        @Nullable Segment[] grown = slots;
        if (segment.slot() >= grown.length) {
            grown = Arrays.copyOf(grown, Math.max(16, segment.slot() * 3 / 2 + 1));
        } else {
            grown = grown.clone();
        }
        grown[segment.slot()] = segment;
        slots = grown;
        fileCount = all().size();
    }

    private void drop(Segment segment) {
        @Nullable Segment[] shrunk = slots.clone();
        shrunk[segment.slot()] = null;
        slots = shrunk;
        fileCount = all().size();
    }

    /** Asks the file system again how much it would take. */
    void refreshUsable() throws IOException {
        usableBytes = files.usableBytes();
    }

    /** How many segments could be taken, for writes or for what keeps the device going. */
    int available(boolean forWrites) {
        long room = usableBytes - (forWrites ? limits.lowSpaceBytes() : 0);
        long byDisk = Math.max(0, room / limits.segmentSizeBytes());
        long byCapacity =
                Math.min(MAX_SLOTS, limits.capacityBytes() / limits.segmentSizeBytes()) - fileCount;
        long creatable = Math.max(0, Math.min(byDisk, byCapacity));
        return (int) Math.min(Integer.MAX_VALUE, freeCount + creatable);
    }

    /** Whether writes may go on in the open segment, the reserve being untouched. */
    boolean writesMayAppend() {
        return available(true) >= limits.reservedSegments();
    }

    /** Whether writes may have another segment, the reserve staying untouched. */
    boolean writesMayTake() {
        return available(true) > limits.reservedSegments();
    }

    /** Hands out a segment to be written; null when there is no room for one. */
    @Nullable Prepared take() throws IOException {
        Prepared next = takePrepared();
        if (next != null) {
            return next;
        }
        filling.lock();
        try {
            // The background may have been at it meanwhile.
            next = takePrepared();
            return next != null ? next : prepare(firstStepBytes);
        } catch (IOException e) {
            if (NoSpace.isCauseOf(e)) {
                return null;
            }
            throw e;
        } finally {
            filling.unlock();
        }
    }

    private @Nullable Prepared takePrepared() {
        lock.lock();
        try {
            Prepared next = prepared;
            prepared = null;
            countFree();
            return next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Background: gets a segment ready, so that the agent need not wait for it.
     *
     * @param whole whether it is grown to its full size
     */
    void prepareAhead(boolean whole) throws IOException {
        filling.lock();
        try {
            if (prepared == null && writesMayTake()) {
                Prepared next = prepare(whole ? limits.segmentSizeBytes() : firstStepBytes);
                lock.lock();
                try {
                    prepared = next;
                    countFree();
                } finally {
                    lock.unlock();
                }
            }
        } catch (IOException e) {
            if (!NoSpace.isCauseOf(e)) {
                throw e;
            }
        } finally {
            filling.unlock();
        }
    }

    private void countFree() {
        freeCount = free.size() + (prepared == null ? 0 : 1);
    }

    private @Nullable Prepared prepare(long allocateBytes) throws IOException {
        Segment reused = pollFree();
        if (reused != null) {
            try {
                return begin(reused, allocateBytes);
            } catch (IOException e) {
                addFree(reused);
                throw e;
            }
        }
        refreshUsable();
        if (available(false) == 0) {
            return null;
        }
        Segment created = new Segment(vacantSlot());
        try {
            Prepared next = begin(created, allocateBytes);
            files.syncDirectory();
            add(created);
            return next;
        } catch (IOException e) {
            files.delete(created.name());
            throw e;
        }
    }

    private @Nullable Segment pollFree() {
        lock.lock();
        try {
            Segment segment = free.poll();
            countFree();
            return segment;
        } finally {
            lock.unlock();
        }
    }

    private Prepared begin(Segment segment, long allocateBytes) throws IOException {
        DeviceFile file = files.openForWrite(segment.name());
        try {
            segment.begin(nextSequence(), maxBatchBytes);
            writeHeader(file, segment, true);
            segment.allocatedBytes(file.sizeBytes() / BLOCK_BYTES * BLOCK_BYTES);
            zero(segment, file, Math.min(allocateBytes, limits.segmentSizeBytes()));
        } catch (IOException e) {
            file.close();
            throw e;
        }
        segment.become(Segment.State.PREPARED);
        held.add(segment.sequence());
        return new Prepared(segment, file);
    }

    private long nextSequence() {
        lock.lock();
        try {
            return ++lastSequence;
        } finally {
            lock.unlock();
        }
    }

    private int vacantSlot() {
        @Nullable Segment[] current = slots;
        for (int slot = 0; slot < current.length; slot++) {
            if (current[slot] == null) {
                return slot;
            }
        }
        return current.length;
    }

    /** Makes sure that a file is on media up to there; false when there is no room for it. */
    boolean grow(Segment segment, DeviceFile file, long upTo) throws IOException {
        if (segment.allocatedBytes() >= upTo) {
            return true;
        }
        segment.sizing().lock();
        try {
            boolean due = segment.allocatedBytes() < upTo;
            if (due && segment.state() == Segment.State.OPEN) {
                zero(segment, file, Math.max(upTo, nextStep(segment)));
            }
            return true;
        } catch (IOException e) {
            if (NoSpace.isCauseOf(e)) {
                refreshUsable();
                return false;
            }
            throw e;
        } finally {
            segment.sizing().unlock();
        }
    }

    /**
     * Lets the agent grow the file by writing records itself, in whole blocks and without a gap:
     * from now on nobody else writes there. What lies behind them is grown with zeros as ever.
     *
     * @param recordsEnd how far the records go
     * @param upTo how far the file must be on media besides; the records' own sync sees to that
     * @return false when the file system has too little left to be sure that they fit
     */
    boolean claim(Segment segment, DeviceFile file, long recordsEnd, long upTo) throws IOException {
        segment.sizing().lock();
        long before = segment.allocatedBytes();
        try {
            if (before >= upTo) {
                return true;
            }
            if (usableBytes - maxStepBytes < limits.lowSpaceBytes()) {
                return false;
            }
            segment.allocatedBytes(Math.max(before, recordsEnd));
            segment.allocatedBytes(writeZeros(segment, file, upTo));
            return true;
        } catch (IOException e) {
            segment.allocatedBytes(before);
            if (NoSpace.isCauseOf(e)) {
                refreshUsable();
                return false;
            }
            throw e;
        } finally {
            segment.sizing().unlock();
        }
    }

    /** Writes the footer so that it ends where the file does: returns once it is on media. */
    void seal(Segment segment, DeviceFile file, SegmentEntries entries) throws IOException {
        ByteBuffer footer =
                SegmentFooter.encode(entries, segment.dataEnd(), segment.sequence(), deviceKey);
        segment.sizing().lock();
        try {
            long end = (file.sizeBytes() + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
            long offset = Math.max(segment.dataEnd(), end - footer.capacity());
            file.writeFully(footer.clear(), offset);
            file.sync();
            file.close();
            if (segment.state() == Segment.State.PREPARED) {
                segment.become(Segment.State.OPEN);
            }
            if (segment.state() == Segment.State.OPEN) {
                segment.become(Segment.State.SEALED);
            }
        } finally {
            segment.sizing().unlock();
        }
    }

    /** How far a file that is written up to {@code offset} should be grown now; 0 = no further. */
    long growthDue(Segment segment, long offset) {
        long allocated = segment.allocatedBytes();
        long ahead = Math.min(allocated / 2, maxStepBytes / 2);
        boolean due =
                allocated < limits.segmentSizeBytes()
                        && allocated - offset < ahead
                        && usableBytes - maxStepBytes >= limits.lowSpaceBytes();
        return due ? nextStep(segment) : 0;
    }

    /** Whether the next segment should be made ready, now that this one is half full. */
    boolean nextDue(Segment segment) {
        return prepared == null
                && segment.dataEnd() > limits.segmentSizeBytes() / 2
                && writesMayTake();
    }

    /** Small at first, so that an empty site takes little; then twice as far each time. */
    private long nextStep(Segment segment) {
        long allocated = segment.allocatedBytes();
        long step = Math.max(firstStepBytes, Math.min(allocated, maxStepBytes));
        return Math.min(limits.segmentSizeBytes(), allocated + step);
    }

    private void zero(Segment segment, DeviceFile file, long upTo) throws IOException {
        long at = writeZeros(segment, file, upTo);
        file.sync();
        segment.allocatedBytes(at);
    }

    private static long writeZeros(Segment segment, DeviceFile file, long upTo) throws IOException {
        long at = segment.allocatedBytes();
        while (at < upTo) {
            int step = (int) Math.min(ZEROS.capacity(), upTo - at);
            file.writeFully(ZEROS.slice(0, step), at);
            at += step;
        }
        return at;
    }

    private void writeHeader(DeviceFile file, Segment segment, boolean inUse) throws IOException {
        file.writeFully(header(segment, inUse), 0);
    }

    private ByteBuffer header(Segment segment, boolean inUse) {
        ByteBuffer block = BufferUtil.allocateDirectAligned(BLOCK_BYTES, BLOCK_BYTES);
        new SegmentHeader(
                        inUse,
                        segment.sequence(),
                        segment.slot(),
                        segment.maxBatchBytes(),
                        limits.segmentSizeBytes())
                .encode(block, deviceKey);
        return block.clear();
    }

    /**
     * Writes the headers of segments that are open or free again where they are not on media as
     * they were written: a start needs them. They are the same bytes, so that a crash leaves each
     * sector as it was or as it is to be.
     *
     * @param damaged is told of each that had rotted
     * @return how many had
     */
    int mendHeaders(Consumer<Segment> damaged) throws IOException {
        int count = 0;
        for (Segment segment : all()) {
            boolean rotten =
                    switch (segment.state()) {
                        case PREPARED, OPEN -> mendUsed(segment);
                        case FREE -> mendFree(segment);
                        case SEALED, LOST -> false;
                    };
            if (rotten) {
                count++;
                damaged.accept(segment);
            }
        }
        return count;
    }

    private boolean mendUsed(Segment segment) throws IOException {
        // What releases a segment, and so has another header written, waits for this.
        segment.sizing().lock();
        try {
            boolean used =
                    segment.state() == Segment.State.PREPARED
                            || segment.state() == Segment.State.OPEN;
            return used && mend(segment, true);
        } finally {
            segment.sizing().unlock();
        }
    }

    /** Who would use it anew waits for this. */
    private boolean mendFree(Segment segment) throws IOException {
        filling.lock();
        try {
            return segment.sequence() != 0 && isKept(segment) && mend(segment, false);
        } finally {
            filling.unlock();
        }
    }

    /** Whether it is free to be used again, and not about to be deleted. */
    private boolean isKept(Segment segment) {
        lock.lock();
        try {
            return free.contains(segment);
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether a copy of the header had rotted. */
    private boolean mend(Segment segment, boolean inUse) throws IOException {
        ByteBuffer wanted = header(segment, inUse);
        ByteBuffer found = ByteBuffer.allocate(BLOCK_BYTES);
        segment.reader(files).readFully(found, 0);
        if (found.flip().equals(wanted)) {
            return false;
        }
        SegmentHeader.Found before = SegmentHeader.decode(found, deviceKey);
        try (DeviceFile file = files.openForWrite(segment.name())) {
            file.writeFully(wanted, 0);
            file.sync();
        }
        // Copies that differ are of a release that was cut off.
        return before.header() == null || before.damagedCopies() > 0;
    }

    /** Gives up a sealed segment that holds nothing needed any more. Agent only. */
    void release(Segment segment) throws IOException {
        if (segment.liveBytes() != 0) {
            throw new IllegalStateException(
                    "segment %d is released with %d live bytes"
                            .formatted(segment.sequence(), segment.liveBytes()));
        }
        segment.sizing().lock();
        try (DeviceFile file = files.openForWrite(segment.name())) {
            writeHeader(file, segment, false);
            file.sync();
            segment.become(Segment.State.FREE);
        } finally {
            segment.sizing().unlock();
        }
        held.remove(segment.sequence());
        for (Segment other : all()) {
            other.forgetTombstonesFor(segment.sequence());
        }
        lock.lock();
        try {
            if (free.size() < limits.reservedSegments() + SPARE_FREE_FILES) {
                free.add(segment);
                countFree();
                return;
            }
            drop(segment);
            segment.closeReader();
            files.delete(segment.name());
            refreshUsable();
        } finally {
            lock.unlock();
        }
    }

    void close() throws IOException {
        lock.lock();
        try {
            for (Segment segment : all()) {
                segment.closeReader();
            }
            Prepared unused = prepared;
            prepared = null;
            if (unused != null) {
                unused.file().close();
            }
        } finally {
            lock.unlock();
        }
    }
}
