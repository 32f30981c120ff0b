package io.varve.placement;

import org.jspecify.annotations.Nullable;

/**
 * The pseudo-random orders in which nodes offer their items for one input x, each computed as far
 * as it has been asked for. Single-threaded; lives for one mapping.
 */
final class Permutations {
    private final int x;
    private final @Nullable Order[] orderByNode;

    Permutations(int x, int nodeLimit) {
        this.x = x;
        orderByNode = new Order[nodeLimit];
    }

    /** Returns the item that the node offers at place {@code r modulo size}. */
    int pick(int nodeId, int[] items, int r) {
        int index = -1 - nodeId;
        Order order = orderByNode[index];
        if (order == null) {
            order = new Order(items.length);
            orderByNode[index] = order;
        }
        int place = Integer.remainderUnsigned(r, items.length);
        order.settle(x, nodeId, place);
        return items[order.indexes[place]];
    }

    private static final class Order {
        final int[] indexes;
        private int settled;

        Order(int size) {
            indexes = new int[size];
            for (int i = 0; i < size; i++) {
                indexes[i] = i;
            }
        }

        void settle(int x, int nodeId, int place) {
            for (; settled <= place; settled++) {
                int remaining = indexes.length - settled;
                if (remaining > 1) {
                    int hash = Rjenkins.hash(x, nodeId, settled);
                    int other = settled + Integer.remainderUnsigned(hash, remaining);
                    int swapped = indexes[other];
                    indexes[other] = indexes[settled];
                    indexes[settled] = swapped;
                }
            }
        }
    }
}
