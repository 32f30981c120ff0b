package io.varve.endpoint.identity;

import org.jspecify.annotations.Nullable;

/** The keys that tokens are sealed with. Safe for use by many threads. */
interface TokenBoxes {
    /** The key that seals now, with the number that goes into the token. */
    record Sealer(int number, SealedBox box) {}

    Sealer sealer();

    /** The key of that number; null when it is gone or never was. */
    @Nullable SealedBox opener(int number);
}
