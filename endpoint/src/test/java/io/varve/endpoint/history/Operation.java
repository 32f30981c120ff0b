package io.varve.endpoint.history;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * What a client asked for and was told.
 *
 * @param returnedNanos when the answer came; {@link #NEVER} when none came, or one that leaves open
 *     whether it took effect
 * @param result null when none came
 */
public record Operation(
        long invokedNanos, long returnedNanos, Action action, @Nullable Result result) {
    public static final long NEVER = Long.MAX_VALUE;

    public sealed interface Action {
        /**
         * @param onlyOver the value that must be there; "" for none; null where it does not matter
         */
        record Put(String key, String value, @Nullable String onlyOver) implements Action {}

        record Delete(String key) implements Action {}

        record Read(String key) implements Action {}

        record ListAll() implements Action {}
    }

    public sealed interface Result {
        record Applied() implements Result {}

        record Refused() implements Result {}

        /**
         * @param value "" for none
         */
        record Value(String value) implements Result {}

        record Listing(Map<String, String> values) implements Result {
            public Listing {
                values = Map.copyOf(values);
            }
        }
    }

    public boolean answered() {
        return returnedNanos != NEVER;
    }
}
