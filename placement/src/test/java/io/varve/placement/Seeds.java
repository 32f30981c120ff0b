package io.varve.placement;

import java.util.Random;
import java.util.function.Consumer;

/** Runs a property for several seeds and says which one failed. */
final class Seeds {
    private Seeds() {}

    static void each(int count, Consumer<Random> property) {
        for (int seed = 1; seed <= count; seed++) {
            try {
                property.accept(new Random(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
