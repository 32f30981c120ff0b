package io.varve.devices.file;

import org.agrona.BufferUtil;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A device directory on a real file system. A lock file keeps other processes out for as long as
 * this is open. Whether the file system takes direct writes is tried out once, at opening.
 */
public final class DiskDeviceFiles implements DeviceFiles {
    private static final OpenOption DIRECT = directOption();
    private static final String LOCK_NAME = "lock";
    private static final String PROBE_NAME = "probe.tmp";

    private final Path directory;
    private final FileChannel lockChannel;
    private final FileLock lock;
    private final boolean direct;

    private DiskDeviceFiles(
            Path directory, FileChannel lockChannel, FileLock lock, boolean direct) {
        this.directory = directory;
        this.lockChannel = lockChannel;
        this.lock = lock;
        this.direct = direct;
    }

    /**
     * Opens an existing directory.
     *
     * @throws IOException when it is missing, not a directory, or held by another process
     */
    public static DiskDeviceFiles open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory + " (missing, or not a directory)");
        }
        FileChannel channel =
                FileChannel.open(
                        directory.resolve(LOCK_NAME),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new IOException(
                        "device directory is in use by another process: " + directory);
            }
            return new DiskDeviceFiles(directory, channel, lock, takesDirectWrites(directory));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static boolean takesDirectWrites(Path directory) throws IOException {
        Path probe = directory.resolve(PROBE_NAME);
        ByteBuffer block = BufferUtil.allocateDirectAligned(BLOCK_BYTES, BLOCK_BYTES);
        try (FileChannel channel = openDirect(probe)) {
            return channel.write(block, 0) == BLOCK_BYTES;
        } catch (UnsupportedOperationException | IOException e) {
            // Refused (tmpfs and some network file systems): buffered writes and a sync do as well.
            return false;
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    /** The JDK's option by name: the compiler warns of it, with no way to say that it is meant. */
    private static OpenOption directOption() {
        try {
            Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
            for (Object option : options.getEnumConstants()) {
                if (option.toString().equals("DIRECT")) {
                    return (OpenOption) option;
                }
            }
            throw new IllegalStateException(options + " has no DIRECT");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("this JDK has no direct file access", e);
        }
    }

    private static FileChannel openDirect(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, DIRECT);
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.equals(LOCK_NAME) && !name.equals(PROBE_NAME))
                    .forEach(names::add);
        }
        return names;
    }

    @Override
    public DeviceFile openForRead(String name) throws IOException {
        Path path = directory.resolve(name);
        return new ChannelDeviceFile(
                () -> FileChannel.open(path, StandardOpenOption.READ), CacheProbe.open(path));
    }

    @Override
    public DeviceFile openForWrite(String name) throws IOException {
        Path path = directory.resolve(name);
        return new ChannelDeviceFile(
                () ->
                        direct
                                ? openDirect(path)
                                : FileChannel.open(
                                        path, StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                null);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                directory.resolve(from),
                directory.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public boolean direct() {
        return direct;
    }

    @Override
    public void close() throws IOException {
        try {
            lock.release();
        } finally {
            lockChannel.close();
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
