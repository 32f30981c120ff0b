package io.varve.journal.chronicle;

import io.varve.journal.frame.FrameDescriptor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk whose power may be cut at any step. It keeps real files, and beside them a model of what
 * is on stable media: of a file the bytes at its last sync, of a directory the names at its last
 * sync. A crash image is that, plus any part of what has changed since: any of the names that were
 * made, renamed or removed, any of the sectors or pages that were written, either length.
 *
 * <p>The queue library writes through mappings, so what it has changed is found by comparing the
 * file with its synced bytes at each step. Steps of all threads are serialised.
 */
final class CrashDisk implements JournalMedia {

    /** Told of each step, between two of which the power can be cut. */
    interface Observer {
        void step(String what);
    }

    /** The files and directories of a mirror after a crash, by their paths below the root. */
    record Image(Set<Path> directories, Map<Path, byte[]> files) {

        void writeTo(Path target) {
            try {
                for (Path directory : directories) {
                    Files.createDirectories(target.resolve(directory));
                }
                for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                    Files.write(target.resolve(file.getKey()), file.getValue());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Inode {
        byte[] synced = new byte[0];
        Path path;
        byte[] last = new byte[0];
        boolean exists = true;

        Inode(Path path) {
            this.path = path;
        }

        byte[] current() throws IOException {
            return exists ? Files.readAllBytes(path) : last;
        }
    }

    private sealed interface NameChange {
        Path parent();

        record Create(Path parent, Path name, Inode inode) implements NameChange {}

        record CreateDirectory(Path parent, Path name) implements NameChange {}

        record Rename(Path parent, Path from, Path to, Inode inode) implements NameChange {}

        record Delete(Path parent, Path name) implements NameChange {}
    }

    private final Path root;
    private final JournalMedia real = new FastMedia();
    private final Map<Path, Inode> names = new HashMap<>();
    private final Map<Path, Inode> durableNames = new HashMap<>();
    private final Set<Path> directories = new HashSet<>();
    private final Set<Path> durableDirectories = new HashSet<>();
    private final List<NameChange> pending = new ArrayList<>();
    private final Map<Path, Long> syncedPositions = new HashMap<>();
    private Observer observer = what -> {};

    /**
     * @param root exists, durably; all of its files so far are taken to be synced
     */
    CrashDisk(Path root) {
        this.root = root;
        refresh();
        durableDirectories.addAll(directories);
        durableNames.putAll(names);
        pending.clear();
        for (Inode inode : names.values()) {
            sync(inode);
        }
    }

    synchronized void observe(Observer newObserver) {
        observer = newObserver;
    }

    /** The last record that is on stable media in a mirror directory. */
    synchronized long syncedPosition(Path mirror) {
        return syncedPositions.getOrDefault(mirror, 0L);
    }

    /** What is left of everything below a directory when the power is cut now. */
    synchronized Image crash(Path below, SplittableRandom random) {
        Map<Path, Inode> survivors = new TreeMap<>(durableNames);
        Set<Path> directoriesLeft = new TreeSet<>(durableDirectories);
        int mode = random.nextInt(4);
        for (NameChange change : pending) {
            boolean happened =
                    switch (mode) {
                        case 0 -> true;
                        case 1 -> false;
                        default -> random.nextBoolean();
                    };
            if (happened) {
                apply(change, survivors, directoriesLeft);
            }
        }
        Map<Path, byte[]> files = new TreeMap<>();
        survivors.forEach(
                (path, inode) -> {
                    if (path.startsWith(below) && isReachable(path, directoriesLeft)) {
                        files.put(below.relativize(path), surviving(inode, mode, random));
                    }
                });
        Set<Path> directoriesBelow = new TreeSet<>();
        for (Path directory : directoriesLeft) {
            if (directory.startsWith(below) && isReachable(directory, directoriesLeft)) {
                directoriesBelow.add(below.relativize(directory));
            }
        }
        return new Image(directoriesBelow, files);
    }

    /** Whether a name can be reached from the root, all directories on the way being there. */
    private boolean isReachable(Path path, Set<Path> directoriesLeft) {
        for (Path at = parent(path); !at.equals(root); at = parent(at)) {
            if (!directoriesLeft.contains(at)) {
                return false;
            }
        }
        return true;
    }

    private static void apply(NameChange change, Map<Path, Inode> files, Set<Path> directories) {
        switch (change) {
            case NameChange.Create(Path _, Path name, Inode inode) -> files.put(name, inode);
            case NameChange.CreateDirectory(Path _, Path name) -> directories.add(name);
            case NameChange.Rename(Path _, Path from, Path to, Inode inode) -> {
                files.remove(from);
                files.put(to, inode);
            }
            case NameChange.Delete(Path _, Path name) -> {
                files.remove(name);
                directories.remove(name);
            }
        }
    }

    private static byte[] surviving(Inode inode, int mode, SplittableRandom random) {
        byte[] current;
        try {
            current = inode.current();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (mode == 0) {
            return current;
        }
        if (mode == 1) {
            return inode.synced;
        }
        int unit = mode == 2 ? 512 : 4096;
        int length = random.nextBoolean() ? current.length : inode.synced.length;
        byte[] left = new byte[length];
        for (int at = 0; at < length; at += unit) {
            byte[] source = random.nextBoolean() ? current : inode.synced;
            int available = Math.min(unit, Math.min(source.length, length) - at);
            if (available > 0) {
                System.arraycopy(source, at, left, at, available);
            }
        }
        return left;
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    private void step(String what) {
        observer.step(what);
    }

    /** Finds what was created or removed behind the model's back, by the queue library. */
    private void refresh() {
        Set<Path> seenFiles = new HashSet<>();
        Set<Path> seenDirectories = new HashSet<>();
        try {
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path directory, BasicFileAttributes attributes) {
                            seenDirectories.add(directory);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            seenFiles.add(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Path directory : new TreeSet<>(seenDirectories)) {
            if (directories.add(directory)) {
                pending.add(new NameChange.CreateDirectory(parent(directory), directory));
            }
        }
        for (Path file : new TreeSet<>(seenFiles)) {
            if (!names.containsKey(file)) {
                Inode inode = new Inode(file);
                names.put(file, inode);
                pending.add(new NameChange.Create(parent(file), file, inode));
            }
        }
        for (Path file : List.copyOf(names.keySet())) {
            if (!seenFiles.contains(file)) {
                forget(file);
            }
        }
    }

    private void forget(Path file) {
        Inode inode = names.remove(file);
        if (inode != null) {
            inode.exists = false;
            pending.add(new NameChange.Delete(parent(file), file));
        }
    }

    private Inode inode(Path file) {
        Inode inode = names.get(file);
        if (inode == null) {
            refresh();
            inode = names.get(file);
        }
        if (inode == null) {
            throw new IllegalStateException("no such file: " + file);
        }
        return inode;
    }

    private static void sync(Inode inode) {
        try {
            inode.synced = inode.current();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized CycleAppender createCycle(
            CycleDirectory place, CycleStart start, JournalLimits limits) throws IOException {
        CycleAppender appender = real.createCycle(place, start, limits);
        refresh();
        step("created " + place.file());
        return new RecordedAppender(appender);
    }

    @Override
    public synchronized void createDirectory(Path directory) throws IOException {
        real.createDirectory(directory);
        refresh();
        step("made directory " + directory);
    }

    @Override
    public synchronized void write(Path file, byte[] bytes) throws IOException {
        real.write(file, bytes);
        refresh();
        step("wrote " + file);
        sync(inode(file));
        step("synced " + file);
    }

    @Override
    public synchronized void copy(Path source, Path target, long length) throws IOException {
        real.copy(source, target, length);
        refresh();
        step("copied to " + target);
        sync(inode(target));
        step("synced " + target);
    }

    @Override
    public synchronized void truncate(Path file, long size) throws IOException {
        real.truncate(file, size);
        step("truncated " + file);
        sync(inode(file));
        step("synced " + file);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        Inode moved = inode(from);
        Inode replaced = names.remove(to);
        if (replaced != null) {
            replaced.last = Files.readAllBytes(to);
            replaced.exists = false;
        }
        real.rename(from, to);
        names.remove(from);
        names.put(to, moved);
        moved.path = to;
        pending.add(new NameChange.Rename(parent(from), from, to, moved));
        step("renamed to " + to);
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        Inode inode = names.get(path);
        if (inode != null) {
            inode.last = Files.readAllBytes(path);
        }
        real.delete(path);
        if (inode != null) {
            forget(path);
        } else if (directories.remove(path)) {
            pending.add(new NameChange.Delete(parent(path), path));
        }
        step("deleted " + path);
    }

    @Override
    public synchronized void syncDirectory(Path directory) {
        refresh();
        List<NameChange> rest = new ArrayList<>();
        for (NameChange change : pending) {
            if (change.parent().equals(directory)) {
                apply(change, durableNames, durableDirectories);
            } else {
                rest.add(change);
            }
        }
        pending.clear();
        pending.addAll(rest);
        step("synced directory " + directory);
    }

    @Override
    public long usableBytes(Path directory) {
        return Long.MAX_VALUE;
    }

    private final class RecordedAppender implements CycleAppender {
        private final CycleAppender appender;
        private long position;

        RecordedAppender(CycleAppender appender) {
            this.appender = appender;
        }

        @Override
        public void extend(long roomBytes) throws IOException {
            synchronized (CrashDisk.this) {
                appender.extend(roomBytes);
            }
        }

        @Override
        public long roomBytes() {
            return appender.roomBytes();
        }

        @Override
        public void append(byte[] bytes, int offset, int length) throws IOException {
            synchronized (CrashDisk.this) {
                appender.append(bytes, offset, length);
                position = FrameDescriptor.position(bytes, offset);
                step("appended to " + appender.file());
            }
        }

        @Override
        public void sync() {
            synchronized (CrashDisk.this) {
                CrashDisk.sync(inode(appender.file()));
                syncedPositions.merge(
                        parent(parent(appender.file())), position, (a, b) -> Math.max(a, b));
                step("synced " + appender.file());
            }
        }

        @Override
        public long sizeBytes() {
            return appender.sizeBytes();
        }

        @Override
        public Path file() {
            return appender.file();
        }

        @Override
        public void seal() throws IOException {
            synchronized (CrashDisk.this) {
                appender.seal();
                refresh();
                step("truncated " + appender.file());
                CrashDisk.sync(inode(appender.file()));
                step("sealed " + appender.file());
            }
        }

        @Override
        public void abandon() {
            synchronized (CrashDisk.this) {
                appender.abandon();
            }
        }
    }
}
