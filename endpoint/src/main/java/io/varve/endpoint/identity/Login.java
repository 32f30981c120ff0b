package io.varve.endpoint.identity;

import java.time.Duration;

/** What came of an attempt to get a token. */
public sealed interface Login {

    /**
     * @param text the token as its holder sends it
     */
    record Granted(String text, Access access) implements Login {
        /** Without the text, so that it does not get into a log. */
        @Override
        public String toString() {
            return "Granted[user=" + access.user().id() + "]";
        }
    }

    /** Unknown, wrong, disabled, or no role there: the client is not told which. */
    record Refused() implements Login {}

    /** Too many attempts have failed; this one was not looked at. */
    record TooMany(Duration delay) implements Login {}
}
