package io.varve.endpoint.sync;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How far the objects of a container have got to where they go: every change up to a position of
 * the journal is there, and of those that were there before, everything up to a key. Kept as a
 * setting of the bucket, so it is as durable as the objects are; one that is too old is as good,
 * since what is there already is not sent again.
 *
 * @param target the URL that it is about: for another one, everything begins anew
 * @param listedThrough the key; empty at the beginning, null when there is nothing more to list
 */
record Progress(String target, long position, @Nullable String listedThrough) {
    private static final String FORM = "1";
    private static final String ALL = "-";
    private static final String NAME = "=";

    String encode() {
        String listed =
                listedThrough == null
                        ? ALL
                        : NAME + URLEncoder.encode(listedThrough, StandardCharsets.UTF_8);
        return String.join(" ", FORM, Long.toString(position), listed, target);
    }

    /** Empty for what a newer version may have written, which is no loss. */
    static Optional<Progress> decode(@Nullable String text) {
        String[] words = text == null ? new String[0] : text.split(" ", -1);
        if (words.length != 4
                || !words[0].equals(FORM)
                || !words[1].matches("[0-9]{1,18}")
                || !(words[2].equals(ALL) || words[2].startsWith(NAME))) {
            return Optional.empty();
        }
        String listed =
                words[2].equals(ALL)
                        ? null
                        : URLDecoder.decode(
                                words[2].substring(NAME.length()), StandardCharsets.UTF_8);
        return Optional.of(new Progress(words[3], Long.parseLong(words[1]), listed));
    }
}
