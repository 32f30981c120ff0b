package io.varve.journal.chronicle;

import java.io.IOException;
import java.nio.file.Path;

/** The cycle file that is being written. Single-threaded: owned by its mirror's thread. */
interface CycleAppender {

    /**
     * Allocates space ahead of the writing, so that writing never asks the file system for any: a
     * mapped page that cannot be allocated is a signal to the process and not an exception.
     *
     * @param roomBytes how much room there must be
     * @throws IOException when there is no space; what there was before is still there
     */
    void extend(long roomBytes) throws IOException;

    /** How many bytes can be appended within what is allocated. */
    long roomBytes();

    /** Appends one frame, buffered: it is not durable before {@link #sync}. */
    void append(byte[] bytes, int offset, int length) throws IOException;

    /** Returns when all that was appended is on stable media. */
    void sync() throws IOException;

    /** How much of the file is in use. */
    long sizeBytes();

    Path file();

    /** Closes the file and gives back what was not used. All must have been synced before. */
    void seal() throws IOException;

    /** Closes the file as it is. */
    void abandon();
}
