package io.varve.dr.replica;

import io.varve.projections.Checkpoint;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewDigest;
import io.varve.projections.ViewReader;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The rows of a view in ranges, each with its digest. */
public final class ViewRanges {
    /** Rows of a range. */
    static final int ROWS = 1024;

    /** Ranges of one answer. */
    private static final int RANGES = 64;

    private static final HexFormat HEX = HexFormat.of();

    private ViewRanges() {}

    /** Where the first range begins. */
    public static String begin() {
        return HEX.formatHex(Checkpoint.firstRow());
    }

    /** The next ranges from a key on; empty behind the end. Reads every row of them. */
    public static List<RangeDigest> next(ViewReader view, String from) {
        List<RangeDigest> ranges = new ArrayList<>();
        try (ViewCursor cursor = view.scan(HEX.parseHex(from), null)) {
            String next = from;
            while (cursor.valid() && ranges.size() < RANGES) {
                Limited some = new Limited(cursor, ROWS);
                String digest = ViewDigest.of(some).toString();
                String to = cursor.valid() ? HEX.formatHex(cursor.key()) : "";
                ranges.add(new RangeDigest(next, to, some.count, digest));
                next = to;
            }
        }
        return ranges;
    }

    /** The rows of this view between the same keys. */
    public static RangeDigest same(ViewReader view, RangeDigest range) {
        try (ViewCursor cursor = scan(view, range)) {
            Limited all = new Limited(cursor, Long.MAX_VALUE);
            String digest = ViewDigest.of(all).toString();
            return new RangeDigest(range.from(), range.to(), all.count, digest);
        }
    }

    /** Each row of a range. */
    public static List<RowDigest> rows(ViewReader view, RangeDigest range) {
        List<RowDigest> rows = new ArrayList<>();
        try (ViewCursor cursor = scan(view, range)) {
            while (cursor.valid()) {
                String key = HEX.formatHex(cursor.key());
                rows.add(new RowDigest(key, ViewDigest.of(new Limited(cursor, 1)).toString()));
            }
        }
        return rows;
    }

    private static ViewCursor scan(ViewReader view, RangeDigest range) {
        return view.scan(
                HEX.parseHex(range.from()), range.to().isEmpty() ? null : HEX.parseHex(range.to()));
    }

    /** So many rows of a cursor, which is where they end afterwards, and open. */
    private static final class Limited implements ViewCursor {
        private final ViewCursor rows;
        private final long limit;
        private long count;

        Limited(ViewCursor rows, long limit) {
            this.rows = rows;
            this.limit = limit;
        }

        @Override
        public boolean valid() {
            return count < limit && rows.valid();
        }

        @Override
        public byte[] key() {
            return rows.key();
        }

        @Override
        public byte[] value() {
            return rows.value();
        }

        @Override
        public void next() {
            count++;
            rows.next();
        }

        @Override
        public void seek(byte[] key) {
            throw new UnsupportedOperationException("rows are taken one after the other");
        }

        @Override
        public void close() {
            // Whoever opened the rows closes them.
        }
    }
}
