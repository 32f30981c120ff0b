package io.varve.placement;

import java.util.stream.IntStream;

/**
 * The inputs x that a report covers.
 *
 * @param max the last one, not below the first
 */
public record Inputs(int min, int max) {
    public Inputs {
        if (max < min) {
            throw new IllegalArgumentException("inputs end at " + max + ", before " + min);
        }
    }

    public long count() {
        return (long) max - min + 1;
    }

    IntStream stream() {
        return IntStream.rangeClosed(min, max);
    }
}
