package io.varve.devices;

/** Checks of configuration values. */
final class Requirement {
    private Requirement() {}

    static void that(boolean holds, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ": " + value);
        }
    }
}
