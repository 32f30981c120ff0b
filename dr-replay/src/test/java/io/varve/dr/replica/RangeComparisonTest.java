package io.varve.dr.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.projections.RowChange;
import io.varve.projections.ViewReader;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

final class RangeComparisonTest {
    private static final int ROWS = 3 * ViewRanges.ROWS + 17;

    @TempDir private Path directory;

    private static byte[] key(int number) {
        return ByteBuffer.allocate(5).put((byte) 'o').putInt(number).array();
    }

    private RocksViewStore store(String name) {
        RocksViewStore store = RocksViewStore.open(directory.resolve(name), RocksConfig.DEFAULT);
        List<RowChange> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(new RowChange(key(2 * i), new byte[] {(byte) i}));
        }
        store.write(rows);
        return store;
    }

    /** The other site, in this process. */
    private record Beside(ViewReader view) implements RemoteView {
        @Override
        public ViewMark mark() {
            return new ViewMark(0, "");
        }

        @Override
        public List<RangeDigest> ranges(String from) {
            return ViewRanges.next(view, from);
        }

        @Override
        public List<RowDigest> rows(RangeDigest range) {
            return ViewRanges.rows(view, range);
        }

        @Override
        public void close() {
            // The test closes it.
        }
    }

    private static RangeComparison compare(ViewReader there, ViewReader here) {
        RangeComparison comparison = new RangeComparison();
        String from = ViewRanges.begin();
        while (!from.isEmpty()) {
            from = comparison.step(new Beside(there), here, from);
        }
        return comparison;
    }

    @Test
    void equalViewsAreReadOnceAndDoNotDiffer() {
        try (RocksViewStore there = store("there");
                RocksViewStore here = store("here")) {
            RangeComparison comparison = compare(there, here);
            assertEquals(ROWS, comparison.rowCount());
            assertEquals(4, comparison.rangeCount());
            assertEquals(0, comparison.differenceCount());
        }
    }

    @Test
    void theRowsThatDifferAreNamedAndOnlyTheirRanges() {
        try (RocksViewStore there = store("there");
                RocksViewStore here = store("here")) {
            here.write(
                    List.of(
                            new RowChange(key(10), null),
                            new RowChange(key(11), new byte[] {1}),
                            new RowChange(key(2 * ViewRanges.ROWS), new byte[] {99}),
                            new RowChange(key(2 * ROWS), new byte[] {5})));
            RangeComparison comparison = compare(there, here);
            assertEquals(4, comparison.differenceCount());
            assertEquals(3, comparison.differing().size());
            assertEquals(
                    List.of(
                            RangeComparison.Kind.MISSING,
                            RangeComparison.Kind.UNEXPECTED,
                            RangeComparison.Kind.DIFFERENT,
                            RangeComparison.Kind.UNEXPECTED),
                    comparison.named().stream().map(RangeComparison.Difference::kind).toList());
        }
    }

    @Test
    void rowsOfAnEmptyViewAreAllMissingAndTheOtherWayRound() {
        try (RocksViewStore full = store("full");
                RocksViewStore empty =
                        RocksViewStore.open(directory.resolve("empty"), RocksConfig.DEFAULT)) {
            assertEquals(ROWS, compare(full, empty).differenceCount());
            assertEquals(ROWS, compare(empty, full).differenceCount());
        }
    }
}
