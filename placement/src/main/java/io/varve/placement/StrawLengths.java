package io.varve.placement;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Straw lengths from weights: how far each item's draw must be stretched so that the longest of all
 * draws is its own as often as its weight asks.
 *
 * <p>The items are visited by rising weight. Going from one to the next, the lengths grow by the
 * factor that makes up for the probability mass of everything lighter. Version 0 miscounts the
 * items that remain when there are zero or equal weights; maps that were made with it depend on
 * that.
 */
final class StrawLengths {
    private static final double UNIT = 0x10000;

    private StrawLengths() {}

    /** Returns unsigned 16.16 lengths, by index as the weights. */
    static int[] of(int[] weights, int version) {
        int[] order =
                IntStream.range(0, weights.length)
                        .boxed()
                        .sorted(Comparator.comparingLong(i -> Integer.toUnsignedLong(weights[i])))
                        .mapToInt(Integer::intValue)
                        .toArray();
        return version == 0 ? flawed(weights, order) : corrected(weights, order);
    }

    private static int[] corrected(int[] weights, int[] order) {
        int[] straws = new int[weights.length];
        int remaining = weights.length;
        double length = 1.0;
        double below = 0;
        long previous = 0;
        for (int i = 0; i < order.length; i++) {
            long weight = Integer.toUnsignedLong(weights[order[i]]);
            if (weight == 0) {
                remaining--;
                continue;
            }
            straws[order[i]] = fixed(length);
            if (i + 1 == order.length) {
                break;
            }
            below += ((double) weight - previous) * remaining;
            remaining--;
            long next = Integer.toUnsignedLong(weights[order[i + 1]]);
            length *= growth(below, remaining, next - weight);
            previous = weight;
        }
        return straws;
    }

    private static int[] flawed(int[] weights, int[] order) {
        int[] straws = new int[weights.length];
        int remaining = weights.length;
        double length = 1.0;
        double below = 0;
        long previous = 0;
        for (int i = 0; i < order.length; i++) {
            long weight = Integer.toUnsignedLong(weights[order[i]]);
            if (weight == 0) {
                continue;
            }
            straws[order[i]] = fixed(length);
            if (i + 1 == order.length) {
                break;
            }
            long next = Integer.toUnsignedLong(weights[order[i + 1]]);
            if (next == weight) {
                continue;
            }
            below += ((double) weight - previous) * remaining;
            for (int j = i + 1; j < order.length && weights[order[j]] == (int) next; j++) {
                remaining--;
            }
            length *= growth(below, remaining, next - weight);
            previous = weight;
        }
        return straws;
    }

    private static double growth(double below, int remaining, long step) {
        // The product wraps at 32 bits in the original arithmetic, and lengths depend on it.
        double next = (remaining * step) & 0xffff_ffffL;
        double share = below / (below + next);
        return StrictMath.pow(1.0 / share, 1.0 / remaining);
    }

    /** Cuts to the low 32 bits of the integer part, which is what overlong straws come to. */
    private static int fixed(double length) {
        double scaled = length * UNIT;
        return scaled < 0x1p63 ? (int) (long) scaled : 0;
    }
}
