package io.varve.dr.replica;

import io.varve.projections.ViewReader;
import io.varve.projections.namespace.RowName;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Compares a view with that of the other site at the same position: range by range by digest, and
 * where these differ, row by row. Used once, by one thread.
 */
public final class RangeComparison {
    private static final int NAMED_MAX = 100;

    private final List<RangeDigest> differing = new ArrayList<>();
    private final List<Difference> named = new ArrayList<>();
    private long rangeCount;
    private long rowCount;
    private long differenceCount;

    /** How a row of this site is other than that of the other one. */
    public enum Kind {
        MISSING,
        UNEXPECTED,
        DIFFERENT
    }

    public record Difference(Kind kind, RowName row) {}

    /**
     * Compares what the other site answers to one question.
     *
     * @param from where it begins, {@link ViewRanges#begin} at first
     * @return where the next one begins; empty when that was all
     */
    public String step(RemoteView there, ViewReader here, String from) {
        List<RangeDigest> ranges = there.ranges(from);
        if (ranges.isEmpty()) {
            // What is behind the other view's end.
            compare(there, here, new RangeDigest(from, "", 0, ""));
            return "";
        }
        for (RangeDigest range : ranges) {
            compare(there, here, range);
        }
        return ranges.getLast().to();
    }

    private void compare(RemoteView there, ViewReader here, RangeDigest range) {
        RangeDigest mine = ViewRanges.same(here, range);
        rangeCount++;
        rowCount += mine.rows();
        boolean same =
                mine.rows() == range.rows()
                        && (mine.rows() == 0 || mine.digest().equals(range.digest()));
        if (!same) {
            if (differing.size() < NAMED_MAX) {
                differing.add(range);
            }
            rows(there.rows(range), ViewRanges.rows(here, range));
        }
    }

    private void rows(List<RowDigest> there, List<RowDigest> here) {
        int mine = 0;
        for (RowDigest right : there) {
            while (mine < here.size() && here.get(mine).key().compareTo(right.key()) < 0) {
                add(Kind.UNEXPECTED, here.get(mine++));
            }
            if (mine == here.size() || !here.get(mine).key().equals(right.key())) {
                add(Kind.MISSING, right);
            } else if (!here.get(mine++).digest().equals(right.digest())) {
                add(Kind.DIFFERENT, right);
            }
        }
        while (mine < here.size()) {
            add(Kind.UNEXPECTED, here.get(mine++));
        }
    }

    private void add(Kind kind, RowDigest row) {
        differenceCount++;
        if (named.size() < NAMED_MAX) {
            named.add(new Difference(kind, RowName.of(HexFormat.of().parseHex(row.key()))));
        }
    }

    public long rangeCount() {
        return rangeCount;
    }

    /** Rows of this site that were read. */
    public long rowCount() {
        return rowCount;
    }

    /** Rows that differ. */
    public long differenceCount() {
        return differenceCount;
    }

    /** The first ranges in which rows differ, as the other site has them. */
    public List<RangeDigest> differing() {
        return List.copyOf(differing);
    }

    /** The first rows that differ. */
    public List<Difference> named() {
        return List.copyOf(named);
    }
}
