package io.varve.dr;

import io.varve.projections.Checkpoint;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;
import io.varve.projections.namespace.RowName;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Walks two views side by side and names the rows in which they differ. */
final class ViewComparison {
    private final int namedCountMax;
    private final List<ViewDifference> named = new ArrayList<>();
    private long count;

    /**
     * @param namedCountMax how many differences are named; the others are counted
     */
    ViewComparison(int namedCountMax) {
        this.namedCountMax = namedCountMax;
    }

    void compare(ViewReader expected, ViewReader examined) {
        try (ViewCursor right = expected.scan(Checkpoint.firstRow(), null);
                ViewCursor found = examined.scan(Checkpoint.firstRow(), null)) {
            while (right.valid() || found.valid()) {
                step(right, found);
            }
        }
    }

    private void step(ViewCursor right, ViewCursor found) {
        int order = order(right, found);
        if (order < 0) {
            add(ViewDifference.Kind.MISSING, right.key());
            right.next();
        } else if (order > 0) {
            add(ViewDifference.Kind.UNEXPECTED, found.key());
            found.next();
        } else {
            if (!Arrays.equals(right.value(), found.value())) {
                add(ViewDifference.Kind.DIFFERENT, found.key());
            }
            right.next();
            found.next();
        }
    }

    private static int order(ViewCursor right, ViewCursor found) {
        if (!right.valid()) {
            return 1;
        }
        return found.valid() ? KeyOrder.BYTES.compare(right.key(), found.key()) : -1;
    }

    private void add(ViewDifference.Kind kind, byte[] rowKey) {
        count++;
        if (named.size() < namedCountMax) {
            named.add(new ViewDifference(kind, RowName.of(rowKey)));
        }
    }

    long count() {
        return count;
    }

    List<ViewDifference> named() {
        return named;
    }
}
