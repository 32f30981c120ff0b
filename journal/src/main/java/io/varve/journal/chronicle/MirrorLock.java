package io.varve.journal.chronicle;

import io.varve.journal.JournalException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One process at a time writes to a mirror directory. The operating system's own file lock: it is
 * gone with the process, whatever its process id was.
 */
final class MirrorLock implements AutoCloseable {
    static final String FILE = "lock";

    private final FileChannel channel;

    private MirrorLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @throws JournalException when another journal has the directory open
     */
    static MirrorLock acquire(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve(FILE),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new MirrorLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new JournalException("journal is open already: directory=" + directory, e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new JournalException("journal is in use by another process: directory=" + directory);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
