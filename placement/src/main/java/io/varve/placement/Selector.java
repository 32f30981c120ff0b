package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The weighted choice of one item inside one node of the tree: a pure function of the input {@code
 * x} and the attempt {@code r}. Immutable and safe for any thread; never asked when the node is
 * empty.
 *
 * <p>Weights are unsigned 16.16 numbers in {@code int}s.
 */
sealed interface Selector {
    /**
     * Returns the chosen item.
     *
     * @param position place in the replica set being filled, for selections that weigh by place
     * @param draw replaces weights and hash inputs where the kind supports that, or null
     */
    int choose(int x, int r, int position, @Nullable DrawOverride draw);

    /** Weights per place and hash inputs per item; either may be absent. */
    record DrawOverride(int @Nullable [][] weightsByPosition, int @Nullable [] ids) {}

    /** The low 16 bits of a hash: the range all weighted draws share. */
    static long draw16(int hash) {
        return hash & 0xffff;
    }

    /** Returns null for uniform nodes: {@link Permutations} picks in those. */
    static @Nullable Selector of(
            SelectionKind kind, int id, int[] items, int[] weights, int strawVersion) {
        return switch (kind) {
            case UNIFORM -> null;
            case LIST -> new LastFitting(id, items, weights, runningSums(weights));
            case TREE -> new BinaryTree(id, items, BinaryTree.nodeWeights(weights));
            case STRAW -> new Straw(items, StrawLengths.of(weights, strawVersion));
            case STRAW2 -> new Straw2(items, weights);
        };
    }

    private static long[] runningSums(int[] weights) {
        long[] sums = Arrays.stream(weights).asLongStream().map(w -> w & 0xffff_ffffL).toArray();
        Arrays.parallelPrefix(sums, Long::sum);
        return sums;
    }

    /** From the last item to the first, each wins against all before it by its share of the sum. */
    record LastFitting(int id, int[] items, int[] weights, long[] sums) implements Selector {
        @Override
        public int choose(int x, int r, int position, @Nullable DrawOverride draw) {
            for (int i = items.length - 1; i > 0; i--) {
                long w = (draw16(Rjenkins.hash(x, items[i], r, id)) * sums[i]) >>> 16;
                if (w < Integer.toUnsignedLong(weights[i])) {
                    return items[i];
                }
            }
            return items[0];
        }
    }

    /**
     * A binary tree over the items, walked down by weight. Item i is the leaf 2i+1; an inner node's
     * height is its number of trailing zeros, and its children lie half its span to either side:
     *
     * <pre>
     *          4
     *      2       6
     *    1   3   5   7
     * </pre>
     */
    record BinaryTree(int id, int[] items, int[] nodeWeights) implements Selector {
        @Override
        public int choose(int x, int r, int position, @Nullable DrawOverride draw) {
            int n = nodeWeights.length >> 1;
            while ((n & 1) == 0) {
                long weight = Integer.toUnsignedLong(nodeWeights[n]);
                long hash = Integer.toUnsignedLong(Rjenkins.hash(x, n, r, id));
                long point = (hash * weight) >>> 32;
                int half = Integer.lowestOneBit(n) >> 1;
                int left = n - half;
                n = point < Integer.toUnsignedLong(nodeWeights[left]) ? left : n + half;
            }
            return items[n >> 1];
        }

        static int[] nodeWeights(int[] weights) {
            int depth = 33 - Integer.numberOfLeadingZeros(Math.max(weights.length - 1, 0));
            int[] nodes = new int[1 << depth];
            for (int i = 0; i < weights.length; i++) {
                int node = 2 * i + 1;
                nodes[node] = weights[i];
                for (int level = 1; level < depth; level++) {
                    int span = Integer.lowestOneBit(node);
                    boolean right = (node & (span << 1)) != 0;
                    node = right ? node - span : node + span;
                    nodes[node] += weights[i];
                }
            }
            return nodes;
        }
    }

    /** Each item draws a straw of its length times a hash; the longest wins. */
    record Straw(int[] items, int[] straws) implements Selector {
        @Override
        public int choose(int x, int r, int position, @Nullable DrawOverride draw) {
            int winner = 0;
            long longest = -1;
            for (int i = 0; i < items.length; i++) {
                long straw =
                        draw16(Rjenkins.hash(x, items[i], r)) * Integer.toUnsignedLong(straws[i]);
                if (straw > longest) {
                    longest = straw;
                    winner = i;
                }
            }
            return items[winner];
        }
    }

    /** Each item draws ln(uniform)/weight; the greatest wins, so items do not influence others. */
    record Straw2(int[] items, int[] weights) implements Selector {
        @Override
        public int choose(int x, int r, int position, @Nullable DrawOverride draw) {
            int[] w = weights;
            int[] ids = items;
            if (draw != null) {
                int[][] rows = draw.weightsByPosition();
                if (rows != null) {
                    w = rows[Math.min(position, rows.length - 1)];
                }
                int[] replaced = draw.ids();
                if (replaced != null) {
                    ids = replaced;
                }
            }
            int winner = 0;
            long greatest = Long.MIN_VALUE;
            for (int i = 0; i < ids.length; i++) {
                if (w[i] == 0) {
                    continue;
                }
                int u = Rjenkins.hash(x, ids[i], r) & 0xffff;
                long value =
                        (FixedPointLog.of(u) - FixedPointLog.ONE) / Integer.toUnsignedLong(w[i]);
                if (value > greatest) {
                    greatest = value;
                    winner = i;
                }
            }
            return items[winner];
        }
    }
}
