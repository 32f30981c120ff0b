package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.chronicle.MirrorLabel.Mark;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * One directory of the journal, locked for this process. Writing is single-threaded: owned by the
 * writer's thread when there is one mirror, by the mirror's own thread otherwise. The list of files
 * and the synced position may be read by any thread.
 */
final class Mirror {
    static final String LABEL_1 = "label-1";
    static final String LABEL_2 = "label-2";

    /** Put into an empty directory by whoever wants it to become a mirror of a journal that is. */
    static final String NEW_MIRROR = "new-mirror";

    /** What a new cycle file takes at once: queue table, header, index. */
    private static final long CYCLE_BIRTH_BYTES = 256 << 10;

    private final Path directory;
    private final JournalMedia media;
    private final JournalLimits limits;
    private final MirrorLock lock;

    /** File by first position. */
    private final ConcurrentNavigableMap<Long, Path> cycles = new ConcurrentSkipListMap<>();

    private MirrorLabel label;
    private @Nullable CycleAppender live;
    private volatile long syncedPosition;
    private volatile long roomBytes;
    private volatile boolean dropped;
    private boolean held;
    private boolean unlockWanted;

    Mirror(
            Path directory,
            JournalMedia media,
            JournalLimits limits,
            MirrorLock lock,
            MirrorLabel label) {
        this.directory = directory;
        this.media = media;
        this.limits = limits;
        this.lock = lock;
        this.label = label;
    }

    /** The two copies are written and synced one after the other: one of them is always whole. */
    void writeLabel(MirrorLabel newLabel) throws IOException {
        byte[] bytes = newLabel.encode();
        media.write(directory.resolve(LABEL_1), bytes);
        media.write(directory.resolve(LABEL_2), bytes);
        label = newLabel;
    }

    /** Tells the label how far this mirror is known to be durable. */
    void writeMark(Mark mark) throws IOException {
        if (mark.position() > label.mark().position()) {
            writeLabel(label.withMark(mark));
        }
    }

    void addCycle(long firstPosition, Path file) {
        cycles.put(firstPosition, file);
    }

    /** Writes a batch, buffered. */
    void write(FrameBatch batch) throws IOException {
        if (batch.newCycle() != null) {
            roll(batch.newCycle());
            extend(batch.spaceBytes());
        }
        CycleAppender open = live;
        if (open == null) {
            throw new IllegalStateException("no cycle is open in " + directory);
        }
        for (int frame = 0; frame < batch.frameCount(); frame++) {
            open.append(batch.bytes(), batch.frameStart(frame), batch.frameLength(frame));
        }
    }

    /** Makes the batch durable that was written last. */
    void sync(FrameBatch batch) throws IOException {
        CycleAppender open = live;
        if (open == null) {
            throw new IllegalStateException("no cycle is open in " + directory);
        }
        open.sync();
        roomBytes = open.roomBytes();
        syncedPosition = batch.end().position();
    }

    /**
     * The file's bytes first, then its name, then the name of its directory: a name that is durable
     * has a file with an intact cycle start behind it, or the cycle is not yet in use.
     */
    private void roll(CycleStart start) throws IOException {
        if (live != null) {
            live.seal();
            live = null;
        }
        CycleDirectory cycle = CycleDirectory.of(directory, start.cycle());
        media.createDirectory(cycle.directory());
        live = media.createCycle(cycle, start, limits);
        live.sync();
        media.syncDirectory(cycle.directory());
        media.syncDirectory(directory);
        cycles.put(start.firstPosition(), live.file());
    }

    /**
     * Makes room in the open cycle.
     *
     * @throws IOException when there is no space; the mirror is as good as before
     */
    void extend(long wantedBytes) throws IOException {
        CycleAppender open = live;
        if (open != null) {
            try {
                open.extend(wantedBytes);
            } finally {
                roomBytes = open.roomBytes();
            }
        }
    }

    /** Whether there is space for a new cycle file with so much in it. */
    boolean canStartCycle(long bytes) {
        try {
            return media.usableBytes(directory) >= CYCLE_BIRTH_BYTES + bytes;
        } catch (IOException e) {
            return false;
        }
    }

    long roomBytes() {
        return roomBytes;
    }

    long syncedPosition() {
        return syncedPosition;
    }

    void syncedPosition(long position) {
        syncedPosition = position;
    }

    Path directory() {
        return directory;
    }

    MirrorLabel label() {
        return label;
    }

    /** The file that holds a position, if this mirror has it. */
    @Nullable Path fileOf(long position) {
        Map.Entry<Long, Path> entry = cycles.floorEntry(position);
        return entry == null ? null : entry.getValue();
    }

    /** The entry of a file in the list of cycles, by its first position. */
    Map.@Nullable Entry<Long, Path> cycleOf(Path file) {
        for (Map.Entry<Long, Path> entry : cycles.entrySet()) {
            if (entry.getValue().equals(file)) {
                return entry;
            }
        }
        return null;
    }

    @Nullable Path cycleAt(long firstPosition) {
        return cycles.get(firstPosition);
    }

    @Nullable Long cycleAfter(long firstPosition) {
        return cycles.higherKey(firstPosition);
    }

    /** The files by first position, as they are now. */
    NavigableMap<Long, Path> cycles() {
        return new TreeMap<>(cycles);
    }

    /** Closes the open cycle in good order and says in the label how far it goes. */
    void seal(Mark end) throws IOException {
        if (live != null) {
            live.seal();
            live = null;
        }
        writeMark(end);
    }

    /** Closes the open cycle as it is. */
    void abandon() {
        if (live != null) {
            live.abandon();
            live = null;
        }
    }

    /** Nothing more is written here before the next start. */
    void drop() {
        dropped = true;
    }

    boolean isDropped() {
        return dropped;
    }

    /** Keeps the directory locked until {@link #release}, whatever {@link #unlock} is told. */
    synchronized void hold() {
        held = true;
    }

    synchronized void release() {
        held = false;
        if (unlockWanted) {
            try {
                lock.close();
            } catch (IOException e) {
                throw new JournalException("cannot unlock " + directory, e);
            }
        }
    }

    /** Lets another journal open the directory, once no thread of this one can write to it. */
    synchronized void unlock() throws IOException {
        unlockWanted = true;
        if (!held) {
            lock.close();
        }
    }
}
