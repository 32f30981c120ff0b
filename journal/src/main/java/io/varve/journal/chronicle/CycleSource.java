package io.varve.journal.chronicle;

import java.nio.file.Path;
import java.util.List;

/** Where a position can be read. Safe for use by many threads. */
interface CycleSource {

    /** The files that should hold a durable position, one per mirror, the best one first. */
    List<Path> filesOf(long position);

    FrameRules rules();

    /** A file does not give a record that it should hold. */
    void damaged(Path file, long position, String reason);
}
