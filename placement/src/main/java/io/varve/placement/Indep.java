package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Fills the places of a replica set independently of each other, so that the loss of an item leaves
 * the others where they are; a place that cannot be filled becomes a hole. Single-threaded; lives
 * for one step of one mapping.
 *
 * <p>All open places are tried in rounds. A place's attempts are spaced by the number of places, so
 * no place ever makes the draw that another made first.
 */
final class Indep {
    /** Still to be filled: no device has this number. */
    private static final int OPEN = CrushMap.NONE - 1;

    private final Draws draws;
    private final int typeId;
    private final int spacing;
    private final int tries;
    private final int[] out;
    private final int base;
    private final @Nullable Indep leaf;

    /**
     * @param spacing the number of places asked for, whether or not there is room for all
     * @param out receives the picks, from index {@code base} on
     * @param leaf finds the device below each picked item, or null when the items are the result
     */
    Indep(
            Draws draws,
            int typeId,
            int spacing,
            int tries,
            int[] out,
            int base,
            @Nullable Indep leaf) {
        this.draws = draws;
        this.typeId = typeId;
        this.spacing = spacing;
        this.tries = tries;
        this.out = out;
        this.base = base;
        this.leaf = leaf;
    }

    /** Fills {@code count} places from {@code first} on. */
    void fill(Hierarchy.Node start, int first, int count, int parentR) {
        int end = first + count;
        Arrays.fill(out, base + first, base + end, OPEN);
        if (leaf != null) {
            Arrays.fill(leaf.out, base + first, base + end, OPEN);
        }
        int open = count;
        for (int round = 0; open > 0 && round < tries; round++) {
            for (int place = first; place < end; place++) {
                if (out[base + place] == OPEN && settle(start, first, end, place, parentR, round)) {
                    open--;
                }
            }
        }
        close(out, first, end);
        if (leaf != null) {
            close(leaf.out, first, end);
        }
    }

    /** Tries a place once; true when it is filled now, or can never be. */
    private boolean settle(
            Hierarchy.Node start, int first, int end, int place, int parentR, int round) {
        Hierarchy.Node node = start;
        while (true) {
            int size = node.items().length;
            if (size == 0) {
                return false;
            }
            int r = place + parentR + stride(node) * round;
            int item = draws.draw(node, r, first);
            if (draws.typeOf(item) != typeId) {
                if (item >= 0) {
                    leaveOut(place);
                    return true;
                }
                node = draws.node(item);
                continue;
            }
            if (contains(item, first, end) || !usable(item, place, r)) {
                return false;
            }
            out[base + place] = item;
            return true;
        }
    }

    private int stride(Hierarchy.Node node) {
        // A permutation whose length is a multiple of the spacing would offer each place the same
        // few items for ever.
        boolean inStep = node.selector() == null && node.items().length % spacing == 0;
        return inStep ? spacing + 1 : spacing;
    }

    private boolean usable(int item, int place, int r) {
        if (leaf != null) {
            if (item >= 0) {
                leaf.out[base + place] = item;
            } else {
                leaf.fill(draws.node(item), place, 1, r);
                if (leaf.out[base + place] == CrushMap.NONE) {
                    return false;
                }
            }
        }
        return draws.typeOf(item) != ItemType.DEVICE || !draws.rejectedBy(item);
    }

    private void leaveOut(int place) {
        out[base + place] = CrushMap.NONE;
        if (leaf != null) {
            leaf.out[base + place] = CrushMap.NONE;
        }
    }

    private boolean contains(int item, int first, int end) {
        for (int place = first; place < end; place++) {
            if (out[base + place] == item) {
                return true;
            }
        }
        return false;
    }

    private void close(int[] places, int first, int end) {
        for (int place = first; place < end; place++) {
            if (places[base + place] == OPEN) {
                places[base + place] = CrushMap.NONE;
            }
        }
    }
}
