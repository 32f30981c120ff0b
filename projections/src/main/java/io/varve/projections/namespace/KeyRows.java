package io.varve.projections.namespace;

import org.jspecify.annotations.Nullable;

/** All that is kept of one key, by position. Of one state. */
interface KeyRows {

    /** The version that is current now. */
    @Nullable VersionRow current();

    /** Of the noncurrent versions made through a position the newest. */
    @Nullable VersionRow noncurrent(long throughPosition);

    /**
     * What is in history of the newest version there that was made through a position: any of it.
     */
    @Nullable HistoryRow history(long throughPosition);

    /** What is in history of the version made at a position, as of the last change by a moment. */
    @Nullable HistoryRow history(long position, long momentPosition);

    /** The last turn through a position. */
    @Nullable TurnRow turn(long throughPosition);
}
