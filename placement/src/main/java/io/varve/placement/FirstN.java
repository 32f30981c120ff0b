package io.varve.placement;

import org.jspecify.annotations.Nullable;

/**
 * Fills places of a replica set one after the other; a place that cannot be filled is left out and
 * the later ones move up. Single-threaded; lives for one step of one mapping.
 *
 * <p>A place is filled by descending from the start node, drawing an item per node, until an item
 * of the wanted type comes up. That item may collide with one picked before, have no usable device
 * below it, or reject the input. Then the failure count goes up, which changes the draw, and the
 * choice is made again: in the same node while local retries last, then there by permutation while
 * fallback retries last, then by a new descent while tries last.
 */
final class FirstN {
    /** Retry policy shared by a step's outer descent and the descents to leaves. */
    record Retries(int local, int fallback, int varyR, boolean stable) {}

    /** No item; devices are 0 or above and nodes reach nowhere near this. */
    private static final int SKIPPED = Integer.MIN_VALUE;

    private final Draws draws;
    private final Retries retries;
    private final int typeId;
    private final int tries;
    private final int[] out;
    private final int base;
    private final @Nullable FirstN leaf;

    /**
     * @param out receives the picks, from index {@code base} on
     * @param leaf finds the device below each picked item, or null when the items are the result
     */
    FirstN(
            Draws draws,
            Retries retries,
            int typeId,
            int tries,
            int[] out,
            int base,
            @Nullable FirstN leaf) {
        this.draws = draws;
        this.retries = retries;
        this.typeId = typeId;
        this.tries = tries;
        this.out = out;
        this.base = base;
        this.leaf = leaf;
    }

    /**
     * Fills places from {@code filled} on and returns how many are filled then.
     *
     * @param replicas the number of replicas asked for, filled ones included
     * @param room how many more places there are
     * @param parentR offsets the attempts, so that leaves vary with the attempt that chose their
     *     parent
     */
    int fill(Hierarchy.Node start, int replicas, int filled, int room, int parentR) {
        int size = filled;
        int left = room;
        for (int rep = retries.stable() ? 0 : filled; rep < replicas && left > 0; rep++) {
            int item = place(start, rep + parentR, size, left);
            if (item != SKIPPED) {
                out[base + size] = item;
                size++;
                left--;
            }
        }
        return size;
    }

    private int place(Hierarchy.Node start, int firstR, int size, int room) {
        int failures = 0;
        while (true) {
            Hierarchy.Node node = start;
            int localFailures = 0;
            while (true) {
                int r = firstR + failures;
                boolean collides = false;
                boolean rejected = true;
                int item = SKIPPED;
                if (node.items().length > 0) {
                    item = drawn(node, r, localFailures, size);
                    if (draws.typeOf(item) != typeId) {
                        if (item >= 0) {
                            return SKIPPED;
                        }
                        node = draws.node(item);
                        continue;
                    }
                    collides = contains(item, size);
                    rejected = !collides && !usable(item, r, size, room);
                }
                if (!collides && !rejected) {
                    return item;
                }
                failures++;
                localFailures++;
                if (retriesHere(collides, localFailures, node.items().length)) {
                    continue;
                }
                if (failures < tries) {
                    break;
                }
                return SKIPPED;
            }
        }
    }

    private int drawn(Hierarchy.Node node, int r, int localFailures, int position) {
        boolean permuted =
                retries.fallback() > 0
                        && localFailures >= node.items().length >> 1
                        && localFailures > retries.fallback();
        return permuted ? draws.drawByPermutation(node, r) : draws.draw(node, r, position);
    }

    private boolean retriesHere(boolean collides, int localFailures, int nodeSize) {
        return (collides && localFailures <= retries.local())
                || (retries.fallback() > 0 && localFailures <= nodeSize + retries.fallback());
    }

    private boolean contains(int item, int size) {
        for (int i = base; i < base + size; i++) {
            if (out[i] == item) {
                return true;
            }
        }
        return false;
    }

    private boolean usable(int item, int r, int size, int room) {
        if (leaf != null) {
            if (item >= 0) {
                leaf.out[base + size] = item;
            } else if (!leafBelow(leaf, item, r, size, room)) {
                return false;
            }
        }
        return draws.typeOf(item) != ItemType.DEVICE || !draws.rejectedBy(item);
    }

    private boolean leafBelow(FirstN leaves, int item, int r, int size, int room) {
        int parentR = retries.varyR() == 0 ? 0 : r >> (retries.varyR() - 1);
        int replicas = retries.stable() ? 1 : size + 1;
        return leaves.fill(draws.node(item), replicas, size, room, parentR) > size;
    }
}
