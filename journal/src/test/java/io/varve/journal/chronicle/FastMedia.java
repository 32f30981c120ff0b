package io.varve.journal.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The real disk without the syncs, for tests in which nothing but the process can fail. */
final class FastMedia implements JournalMedia {

    @Override
    public CycleAppender createCycle(CycleDirectory place, CycleStart start, JournalLimits limits)
            throws IOException {
        return ChronicleCycleAppender.create(place, start, limits);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
    }

    @Override
    public void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    @Override
    public void copy(Path source, Path target, long length) throws IOException {
        Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        truncate(target, length);
    }

    @Override
    public void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) {
        // Nothing to lose.
    }

    @Override
    public long usableBytes(Path directory) {
        return Long.MAX_VALUE;
    }
}
