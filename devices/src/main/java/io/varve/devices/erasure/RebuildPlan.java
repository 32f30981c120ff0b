package io.varve.devices.erasure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How wanted shards are made of k present ones. Immutable; made once for each pair of sets.
 *
 * <p>A shard is a sum of others, each times a coefficient. It is computed from the highest bit of
 * the coefficients to the lowest: double what there is, add the shards whose coefficient has the
 * bit. What is made first serves as a source for what is made next: the last data shard that lacks
 * is then the plain sum of the first parity and all other data, and parity is made of data as it is
 * when written.
 *
 * @param sources the present shards that are used, in the order of the steps' numbers
 * @param products in the order of their making
 */
record RebuildPlan(List<Integer> sources, List<Product> products) {
    private static final int TOP_BIT = 7;

    /**
     * One shard to be made.
     *
     * @param steps from the coefficients' highest bit down to bit 0: which operands to add after
     *     doubling. Operands from 0 are the sources, from their number on earlier products
     */
    record Product(int shard, List<int[]> steps) {}

    static RebuildPlan of(GaloisMatrix parity, int dataShards, int present, int wanted) {
        return new Maker(parity, dataShards, present, wanted).make();
    }

    private static final class Maker {
        private final GaloisMatrix parity;
        private final int dataShards;
        private final int wanted;
        private final List<Integer> operands = new ArrayList<>();
        private final List<Integer> sources;
        private final GaloisMatrix inverse;

        Maker(GaloisMatrix parity, int dataShards, int present, int wanted) {
            this.parity = parity;
            this.dataShards = dataShards;
            this.wanted = wanted;
            // The lowest numbers first: data cost nothing, and the first parity next to nothing.
            for (int shard = 0; operands.size() < dataShards; shard++) {
                if ((present >>> shard & 1) != 0) {
                    operands.add(shard);
                }
            }
            this.sources = List.copyOf(operands);
            int[][] rows = new int[dataShards][dataShards];
            for (int row = 0; row < dataShards; row++) {
                for (int column = 0; column < dataShards; column++) {
                    rows[row][column] = generator(sources.get(row), column);
                }
            }
            this.inverse = new GaloisMatrix(rows).inverse();
        }

        private int generator(int shard, int data) {
            if (shard < dataShards) {
                return shard == data ? 1 : 0;
            }
            return parity.at(shard - dataShards, data);
        }

        RebuildPlan make() {
            List<Product> products = new ArrayList<>();
            for (int shard = 0; wanted >>> shard != 0; shard++) {
                if ((wanted >>> shard & 1) != 0) {
                    products.add(new Product(shard, steps(coefficients(shard))));
                    operands.add(shard);
                }
            }
            return new RebuildPlan(sources, products);
        }

        /** One for each operand there is by now. */
        private int[] coefficients(int shard) {
            int[] coefficients = new int[operands.size()];
            int missing = missingData();
            if (shard >= dataShards && missing == 0) {
                for (int data = 0; data < dataShards; data++) {
                    coefficients[operands.indexOf(data)] = generator(shard, data);
                }
            } else if (missing == 1 << shard && sources.contains(dataShards)) {
                for (int i = 0; i < coefficients.length; i++) {
                    coefficients[i] = operands.get(i) <= dataShards ? 1 : 0;
                }
            } else {
                for (int source = 0; source < dataShards; source++) {
                    for (int data = 0; data < dataShards; data++) {
                        coefficients[source] ^=
                                GaloisField.multiply(
                                        generator(shard, data), inverse.at(data, source));
                    }
                }
            }
            return coefficients;
        }

        private int missingData() {
            int missing = 0;
            for (int data = 0; data < dataShards; data++) {
                if (!operands.contains(data)) {
                    missing |= 1 << data;
                }
            }
            return missing;
        }

        private static List<int[]> steps(int[] coefficients) {
            List<int[]> steps = new ArrayList<>();
            for (int bit = TOP_BIT; bit >= 0; bit--) {
                int[] added = new int[coefficients.length];
                int count = 0;
                for (int i = 0; i < coefficients.length; i++) {
                    if ((coefficients[i] >>> bit & 1) != 0) {
                        added[count++] = i;
                    }
                }
                if (count > 0 || !steps.isEmpty()) {
                    steps.add(Arrays.copyOf(added, count));
                }
            }
            return steps;
        }
    }
}
