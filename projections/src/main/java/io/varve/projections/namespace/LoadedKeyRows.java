package io.varve.projections.namespace;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What is kept of a key of which little is kept, as a listing came by it.
 *
 * @param noncurrent newest first
 * @param history by version, newest first; of each what it said at first, then the newest first
 * @param turns newest first
 */
record LoadedKeyRows(
        @Nullable VersionRow current,
        List<VersionRow> noncurrent,
        List<HistoryRow> history,
        List<TurnRow> turns)
        implements KeyRows {

    @Override
    public @Nullable VersionRow noncurrent(long throughPosition) {
        for (VersionRow row : noncurrent) {
            if (row.position() <= throughPosition) {
                return row;
            }
        }
        return null;
    }

    @Override
    public @Nullable HistoryRow history(long throughPosition) {
        for (HistoryRow past : history) {
            if (past.row().position() <= throughPosition) {
                return past;
            }
        }
        return null;
    }

    @Override
    public @Nullable HistoryRow history(long position, long momentPosition) {
        HistoryRow last = null;
        for (HistoryRow past : history) {
            VersionRow row = past.row();
            boolean later = last == null || row.revision() > last.row().revision();
            if (row.position() == position && row.revision() <= momentPosition && later) {
                last = past;
            }
        }
        return last;
    }

    @Override
    public @Nullable TurnRow turn(long throughPosition) {
        for (TurnRow turn : turns) {
            if (turn.position() <= throughPosition) {
                return turn;
            }
        }
        return null;
    }
}
