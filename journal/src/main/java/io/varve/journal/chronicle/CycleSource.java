package io.varve.journal.chronicle;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/** Where a position can be read. Safe for use by many threads. */
interface CycleSource {

    /** The files that should hold a durable position, one per mirror, the best one first. */
    List<Path> filesOf(long position);

    FrameRules rules();

    /** A place in a file, no further than a position, where a walk may begin; null = the start. */
    default CycleCursor.@Nullable Place placeBefore(Path file, long position) {
        return null;
    }

    /** A file does not give a record that it should hold. */
    void damaged(Path file, long position, String reason);
}
