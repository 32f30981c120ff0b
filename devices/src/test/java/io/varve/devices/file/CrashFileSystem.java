package io.varve.devices.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A directory in memory that keeps over a power cut only what was synced, and of the rest a random
 * part. What it claims, and what the code under test is thus shown to survive:
 *
 * <ul>
 *   <li>of bytes written since the last sync of their file, each 512-byte sector is kept or lost by
 *       itself: torn and reordered writes;
 *   <li>a sector is atomic: it holds old bytes or new ones;
 *   <li>a file's size is that of its last sync, or anything up to its size at the cut;
 *   <li>changes of the directory since its last sync happened up to some point, in order, as
 *       journalling file systems have it.
 * </ul>
 *
 * <p>Every write, sync, and change of the directory is a step; the power is cut at a step of the
 * caller's choice: that step is in doubt as everything unsynced is, and every later call fails.
 * Single-threaded.
 */
public final class CrashFileSystem implements DeviceFiles {
    private static final int SECTOR_BYTES = 512;

    private final Power power;
    private long capacityBytes = 1L << 40;
    private final Map<String, Inode> entries = new HashMap<>();
    private final Map<String, Inode> durableEntries = new HashMap<>();
    private final List<DirectoryChange> unsyncedChanges = new ArrayList<>();

    private static final class Inode {
        byte[] bytes = {};
        byte[] durable = {};
        final List<Write> unsynced = new ArrayList<>();
    }

    private record Write(long offset, byte[] bytes) {}

    private interface DirectoryChange {
        void apply(Map<String, Inode> target);
    }

    /** What several directories may share: they lose it at the same step. */
    public static final class Power {
        private final long cutAtStep;
        private long step;
        private boolean cut;

        public Power(long cutAtStep) {
            this.cutAtStep = cutAtStep;
        }

        public long steps() {
            return step;
        }
    }

    public CrashFileSystem(long cutAtStep) {
        this(new Power(cutAtStep));
    }

    private CrashFileSystem(Power power) {
        this.power = power;
    }

    /** Never cut. */
    public CrashFileSystem() {
        this(Long.MAX_VALUE);
    }

    /** How many steps were taken. */
    public long steps() {
        return power.step;
    }

    public boolean wasCut() {
        return power.cut;
    }

    /** What all files together may take. */
    public void capacityBytes(long bytes) {
        capacityBytes = bytes;
    }

    /** The directory as it is after the power came back, to be cut at another step. */
    public CrashFileSystem afterPowerCut(Random random, long nextCutAtStep) {
        CrashFileSystem survivor = new CrashFileSystem(nextCutAtStep);
        survivor.capacityBytes = capacityBytes;
        Map<String, Inode> survived = new HashMap<>(durableEntries);
        int kept = random.nextInt(unsyncedChanges.size() + 1);
        unsyncedChanges.subList(0, kept).forEach(change -> change.apply(survived));
        survived.forEach(
                (name, inode) -> {
                    Inode copy = new Inode();
                    copy.durable = survivingBytes(inode, random);
                    copy.bytes = copy.durable.clone();
                    survivor.entries.put(name, copy);
                    survivor.durableEntries.put(name, copy);
                });
        return survivor;
    }

    /** The directory as another process finds it when this one was killed: nothing is lost. */
    public CrashFileSystem afterKill(long nextCutAtStep) {
        CrashFileSystem next = new CrashFileSystem(nextCutAtStep);
        next.capacityBytes = capacityBytes;
        next.entries.putAll(entries);
        next.durableEntries.putAll(durableEntries);
        next.unsyncedChanges.addAll(unsyncedChanges);
        return next;
    }

    private static byte[] survivingBytes(Inode inode, Random random) {
        byte[] result = inode.durable.clone();
        // Each cut has its own temper: nearly nothing kept, nearly everything, or anything between.
        double keep = random.nextInt(4) == 0 ? random.nextInt(2) : random.nextDouble();
        for (Write write : inode.unsynced) {
            for (int at = 0; at < write.bytes.length; at += SECTOR_BYTES) {
                if (random.nextDouble() < keep) {
                    int length = Math.min(SECTOR_BYTES, write.bytes.length - at);
                    result = put(result, write.offset + at, write.bytes, at, length);
                }
            }
        }
        if (inode.bytes.length > result.length && random.nextBoolean()) {
            int grown = result.length + random.nextInt(inode.bytes.length - result.length + 1);
            result = Arrays.copyOf(result, grown);
        }
        return result;
    }

    private static byte[] put(byte[] target, long offset, byte[] source, int from, int length) {
        int at = Math.toIntExact(offset);
        byte[] result = at + length > target.length ? Arrays.copyOf(target, at + length) : target;
        System.arraycopy(source, from, result, at, length);
        return result;
    }

    /** Takes a step; what it does happens only if the power is still there. */
    private boolean takeStep() throws PowerCutException {
        mustHavePower();
        power.step++;
        power.cut = power.step == power.cutAtStep;
        return power.cut;
    }

    private void mustHavePower() throws PowerCutException {
        if (power.cut) {
            throw new PowerCutException(power.step);
        }
    }

    @Override
    public List<String> list() throws IOException {
        mustHavePower();
        return new ArrayList<>(entries.keySet());
    }

    @Override
    public DeviceFile openForRead(String name) throws IOException {
        mustHavePower();
        Inode inode = entries.get(name);
        if (inode == null) {
            throw new FileNotFoundException(name);
        }
        return new OpenFile(inode, false);
    }

    @Override
    public DeviceFile openForWrite(String name) throws IOException {
        mustHavePower();
        Inode inode = entries.get(name);
        if (inode == null) {
            Inode created = new Inode();
            change(target -> target.put(name, created));
            inode = created;
        }
        return new OpenFile(inode, true);
    }

    private void change(DirectoryChange change) throws PowerCutException {
        boolean last = takeStep();
        change.apply(entries);
        unsyncedChanges.add(change);
        if (last) {
            throw new PowerCutException(power.step);
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Inode inode = entries.get(from);
        if (inode == null) {
            throw new FileNotFoundException(from);
        }
        change(
                target -> {
                    target.remove(from);
                    target.put(to, inode);
                });
    }

    @Override
    public void delete(String name) throws IOException {
        change(target -> target.remove(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        if (takeStep()) {
            throw new PowerCutException(power.step);
        }
        unsyncedChanges.forEach(change -> change.apply(durableEntries));
        unsyncedChanges.clear();
    }

    @Override
    public long usableBytes() throws IOException {
        mustHavePower();
        return capacityBytes
                - entries.values().stream().mapToLong(inode -> inode.bytes.length).sum();
    }

    @Override
    public boolean direct() {
        return true;
    }

    @Override
    public void close() {}

    /** Flips a bit of a file, on media and for readers. */
    public void flipBit(String name, long offset, int bit) {
        Inode inode = entries.get(name);
        if (inode == null) {
            throw new IllegalArgumentException("no file " + name);
        }
        inode.bytes[(int) offset] ^= (byte) (1 << bit);
        inode.durable = inode.bytes.clone();
    }

    /** Of its files, the power being there or not. */
    public List<String> names() {
        return new ArrayList<>(entries.keySet());
    }

    /** A file's bytes as readers see them. */
    public byte[] bytes(String name) {
        Inode inode = entries.get(name);
        if (inode == null) {
            throw new IllegalArgumentException("no file " + name);
        }
        return inode.bytes.clone();
    }

    /** Puts a file there, on media. */
    public void put(String name, byte[] bytes) {
        Inode inode = new Inode();
        inode.bytes = bytes.clone();
        inode.durable = bytes.clone();
        entries.put(name, inode);
        durableEntries.put(name, inode);
    }

    public void remove(String name) {
        entries.remove(name);
        durableEntries.remove(name);
    }

    /** A copy of the directory as it is, all of it on media. */
    public CrashFileSystem copy() {
        return copy(new Power(Long.MAX_VALUE));
    }

    /** As {@link #copy()}, on a power that may be shared. */
    public CrashFileSystem copy(Power shared) {
        CrashFileSystem copy = new CrashFileSystem(shared);
        entries.forEach((name, inode) -> copy.put(name, inode.bytes));
        return copy;
    }

    @Override
    public String toString() {
        return "memory";
    }

    private final class OpenFile implements DeviceFile {
        private final Inode inode;
        private final boolean writable;

        OpenFile(Inode inode, boolean writable) {
            this.inode = inode;
            this.writable = writable;
        }

        @Override
        public int write(ByteBuffer source, long offset) throws IOException {
            requireAligned(source, offset);
            long grows = Math.max(0, offset + source.remaining() - inode.bytes.length);
            if (grows > usableBytes()) {
                throw new IOException("No space left on device");
            }
            boolean last = takeStep();
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            inode.bytes = put(inode.bytes, offset, bytes, 0, bytes.length);
            inode.unsynced.add(new Write(offset, bytes));
            if (last) {
                throw new PowerCutException(power.step);
            }
            return bytes.length;
        }

        /** As a direct write wants it. */
        private void requireAligned(ByteBuffer source, long offset) throws IOException {
            if (!writable
                    || offset % BLOCK_BYTES != 0
                    || source.remaining() % BLOCK_BYTES != 0
                    || source.alignmentOffset(source.position(), BLOCK_BYTES) != 0) {
                throw new IOException(
                        "not aligned or not for writing: offset=%d, buffer=%s"
                                .formatted(offset, source));
            }
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            mustHavePower();
            int left = (int) Math.min(target.remaining(), inode.bytes.length - offset);
            if (left <= 0) {
                return -1;
            }
            target.put(inode.bytes, (int) offset, left);
            return left;
        }

        @Override
        public void sync() throws IOException {
            if (takeStep()) {
                throw new PowerCutException(power.step);
            }
            inode.durable = inode.bytes.clone();
            inode.unsynced.clear();
        }

        @Override
        public long sizeBytes() throws IOException {
            mustHavePower();
            return inode.bytes.length;
        }

        @Override
        public void close() {}
    }
}
