package io.varve.projections.namespace;

import org.jspecify.annotations.Nullable;

/**
 * What was current at a moment. The last of the records that made a version of the key, or turned
 * it, decides; what it says is there only if the version was not removed by then.
 *
 * <p>It holds although rows of the time before are forgotten: when what was current goes and
 * another version is left on top, a turn says what has become current instead. So of whatever has
 * been forgotten nothing comes back to light.
 */
final class PastRule {
    private PastRule() {}

    /** The object that a plain read found; null when there was none. */
    static @Nullable VersionRow current(KeyRows rows, long moment) {
        VersionRow newest = newestMade(rows, moment);
        TurnRow turn = rows.turn(moment);
        long position = newest == null ? 0 : newest.position();
        if (turn != null && (newest == null || turn.position() >= newest.arrivedPosition())) {
            position = turn.version();
        }
        VersionRow row = position == 0 ? null : at(rows, position, moment);
        return row == null || row.deleteMarker() ? null : row;
    }

    /** What a version said at a moment; null when it was not there. */
    static @Nullable VersionRow at(KeyRows rows, long position, long moment) {
        VersionRow current = rows.current();
        if (current != null && current.position() == position && current.since() <= moment) {
            return current;
        }
        VersionRow noncurrent = rows.noncurrent(position);
        if (noncurrent != null
                && noncurrent.position() == position
                && noncurrent.since() <= moment) {
            return noncurrent;
        }
        HistoryRow past = rows.history(position, moment);
        return past != null && past.heldAt(moment) ? past.row() : null;
    }

    /**
     * The null version at a moment. Only the last that was made by then can have been there, unless
     * one came from elsewhere, of which a turn tells.
     */
    static @Nullable VersionRow nullVersion(KeyRows rows, long moment) {
        long position = moment;
        while (true) {
            VersionRow made = newestMade(rows, moment, position);
            if (made == null) {
                return null;
            }
            VersionRow held = made.nullVersion() ? at(rows, made.position(), moment) : null;
            boolean last = made.nullVersion() && rows.turn(moment) == null;
            if (held != null || last) {
                return held;
            }
            position = made.position() - 1;
        }
    }

    /** The version that was made last by then, whether or not it was still there. */
    static @Nullable VersionRow newestMade(KeyRows rows, long moment) {
        return newestMade(rows, moment, moment);
    }

    private static @Nullable VersionRow newestMade(KeyRows rows, long moment, long through) {
        VersionRow current = rows.current();
        VersionRow newest =
                current != null
                                && current.position() <= through
                                && current.arrivedPosition() <= moment
                        ? current
                        : null;
        newest = newer(newest, noncurrent(rows, moment, through));
        return newer(newest, history(rows, moment, through));
    }

    private static @Nullable VersionRow newer(@Nullable VersionRow a, @Nullable VersionRow b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return b.position() > a.position() ? b : a;
    }

    private static @Nullable VersionRow noncurrent(KeyRows rows, long moment, long through) {
        VersionRow row = rows.noncurrent(through);
        while (row != null && row.arrivedPosition() > moment) {
            row = rows.noncurrent(row.position() - 1);
        }
        return row;
    }

    private static @Nullable VersionRow history(KeyRows rows, long moment, long through) {
        HistoryRow past = rows.history(through);
        while (past != null && past.row().arrivedPosition() > moment) {
            past = rows.history(past.row().position() - 1);
        }
        return past == null ? null : past.row();
    }
}
