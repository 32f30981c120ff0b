package io.varve.journal.chronicle;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Everything the journal does to a disk, so that tests can cut the power or fail the medium at each
 * step. Reading is not part of it: a medium that fails at reading is modelled by its bytes.
 */
interface JournalMedia {

    /** Creates a cycle file in a new directory and writes the cycle start, all of it buffered. */
    CycleAppender createCycle(CycleDirectory place, CycleStart start, JournalLimits limits)
            throws IOException;

    void createDirectory(Path directory) throws IOException;

    /** Overwrites a file in place or creates it, and syncs its bytes (not its name). */
    void write(Path file, byte[] bytes) throws IOException;

    /** Writes the first bytes of one file as another file, and syncs them (not the name). */
    void copy(Path source, Path target, long length) throws IOException;

    /** Cuts a file and syncs that. */
    void truncate(Path file, long size) throws IOException;

    /**
     * Puts a file in the place of another one, atomically; durable once the directory is synced.
     */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file or an empty directory; durable once the directory above is synced. */
    void delete(Path path) throws IOException;

    /** Makes the names in a directory durable. */
    void syncDirectory(Path directory) throws IOException;

    /** The space that is left where a directory is. */
    long usableBytes(Path directory) throws IOException;
}
