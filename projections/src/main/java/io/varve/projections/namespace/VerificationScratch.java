package io.varve.projections.namespace;

import io.varve.projections.ViewException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A place for a view that is made to compare the live one with. One at a time, over all processes;
 * what a crash left in it goes when the next one begins.
 */
public final class VerificationScratch implements AutoCloseable {
    private final Path directory;
    private final FileChannel lock;

    private VerificationScratch(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    static VerificationScratch begin(Path directory, Path lockFile) {
        try {
            FileChannel lock =
                    FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(lock)) {
                lock.close();
                throw new ViewException("another verification is under way: " + lockFile);
            }
            return cleared(directory, lock);
        } catch (IOException e) {
            throw new ViewException("verification cannot begin: " + lockFile, e);
        }
    }

    private static VerificationScratch cleared(Path directory, FileChannel lock)
            throws IOException {
        try {
            ViewDirectory.deleteTree(directory);
        } catch (ViewException e) {
            lock.close();
            throw e;
        }
        return new VerificationScratch(directory, lock);
    }

    private static boolean locked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** Not there at first. */
    public Path directory() {
        return directory;
    }

    /** Removes what was made there. The store must be closed. */
    @Override
    public void close() {
        try (lock) {
            ViewDirectory.deleteTree(directory);
        } catch (IOException e) {
            throw new ViewException("verification cannot end: " + directory, e);
        }
    }
}
