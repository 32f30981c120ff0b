package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.chronicle.MirrorLabel.Mark;

/** All mirrors as the writer sees them. Single-threaded: owned by the writer's thread. */
interface MirrorSet {

    /**
     * Returns when the batch is on stable media on a majority of the mirrors.
     *
     * @throws JournalException when that can no longer be reached; nothing may be committed then
     */
    void commit(FrameBatch batch);

    /**
     * Makes room for what is to be written.
     *
     * @return whether a majority has that room
     */
    boolean makeRoom(long bytes);

    /** Whether a majority has that room already. */
    boolean hasRoom(long bytes);

    /** Whether a majority can start a new cycle file and write so much to it. */
    boolean canStartCycle(long bytes);

    /** The last position that every mirror in use has synced. */
    long syncedEverywhere();

    /** Has the labels say that the journal is durable up to here. */
    void mark(Mark mark);

    /** Closes the files in good order. Nothing may be committed afterwards. */
    void seal(Mark end);

    /** Closes the files as they are. */
    void abandon();
}
