package io.varve.journal.chronicle;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** A disk of which one directory can be made to fail, to hang or to be full. */
final class FaultyMedia implements JournalMedia {
    private final JournalMedia real = new FastMedia();
    private final Path faulty;
    private volatile boolean failing;
    private volatile boolean hanging;
    private final CountDownLatch released = new CountDownLatch(1);

    /** How much space there is for files to grow, in all directories alike. */
    private final AtomicLong spaceBytes = new AtomicLong(Long.MAX_VALUE / 2);

    private final AtomicLong faultySpaceBytes = new AtomicLong(Long.MAX_VALUE / 2);

    /**
     * @param faulty the directory that can fail; the others never do
     */
    FaultyMedia(Path faulty) {
        this.faulty = faulty;
    }

    /** From now on every write and sync gives an I/O error. */
    void fail() {
        failing = true;
    }

    /** From now on every sync waits until {@link #release}. */
    void hang() {
        hanging = true;
    }

    boolean isHanging() {
        return hanging;
    }

    /** Ends the waiting, for good. */
    void release() {
        hanging = false;
        released.countDown();
    }

    /** From now on so many bytes can be allocated. */
    void space(long bytes) {
        spaceBytes.set(bytes);
    }

    private void check(Path path) throws IOException {
        if (!path.startsWith(faulty)) {
            return;
        }
        if (failing) {
            throw new IOException("Input/output error");
        }
        if (hanging) {
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IOException("interrupted while hanging", e);
            }
        }
    }

    /** The same for the directory that can fail. */
    void spaceOfFaulty(long bytes) {
        faultySpaceBytes.set(bytes);
    }

    private void take(Path path, long bytes) throws IOException {
        take(spaceBytes, bytes);
        if (path.startsWith(faulty)) {
            take(faultySpaceBytes, bytes);
        }
    }

    private static void take(AtomicLong spaceBytes, long bytes) throws IOException {
        long left = spaceBytes.addAndGet(-bytes);
        if (left < 0) {
            spaceBytes.addAndGet(bytes);
            throw new IOException("No space left on device");
        }
    }

    @Override
    public CycleAppender createCycle(CycleDirectory place, CycleStart start, JournalLimits limits)
            throws IOException {
        check(place.directory());
        return new FaultyAppender(real.createCycle(place, start, limits));
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        check(directory);
        real.createDirectory(directory);
    }

    @Override
    public void write(Path file, byte[] bytes) throws IOException {
        check(file);
        real.write(file, bytes);
    }

    @Override
    public void copy(Path source, Path target, long length) throws IOException {
        check(target);
        real.copy(source, target, length);
    }

    @Override
    public void truncate(Path file, long size) throws IOException {
        check(file);
        real.truncate(file, size);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        check(to);
        real.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        check(path);
        real.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        check(directory);
    }

    @Override
    public long usableBytes(Path directory) {
        long free = spaceBytes.get();
        return directory.startsWith(faulty) ? Math.min(free, faultySpaceBytes.get()) : free;
    }

    private final class FaultyAppender implements CycleAppender {
        private final CycleAppender appender;

        FaultyAppender(CycleAppender appender) {
            this.appender = appender;
        }

        @Override
        public void extend(long roomBytes) throws IOException {
            check(appender.file());
            long before = appender.roomBytes();
            if (before < roomBytes) {
                take(appender.file(), roomBytes - before);
                appender.extend(roomBytes);
            }
        }

        @Override
        public long roomBytes() {
            return appender.roomBytes();
        }

        @Override
        public void append(byte[] bytes, int offset, int length) throws IOException {
            check(appender.file());
            appender.append(bytes, offset, length);
        }

        @Override
        public void sync() throws IOException {
            check(appender.file());
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
            check(appender.file());
            appender.seal();
        }

        @Override
        public void abandon() {
            appender.abandon();
        }
    }
}
