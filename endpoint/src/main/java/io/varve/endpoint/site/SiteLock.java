package io.varve.endpoint.site;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second process, or a second site in this one, out of a data directory, until it is closed
 * or the process ends.
 */
public final class SiteLock implements AutoCloseable {
    static final String FILE_NAME = "lock";

    private final FileChannel channel;

    private SiteLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @throws SiteException when somebody else has it
     */
    public static SiteLock take(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve(FILE_NAME),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        if (!locked(channel)) {
            channel.close();
            throw new SiteException("the data directory is in use: " + directory);
        }
        return new SiteLock(channel);
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            // Held until the channel is closed, at the latest by the end of the process.
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
