package io.varve.endpoint.site;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Keys that have given stores trouble, in random company. */
final class S3ModelKeys {
    private static final List<String> PIECES =
            List.of(
                    "a", "b", "ab", "z", "0", "/", "//", "/./", "/../", "%2F", "+", " ", "é",
                    "\uFFFD", "😀", "\u0001", "~", "a/b/", "-");

    /** What listings are asked to roll up at. */
    static final List<String> DELIMITERS = List.of("", "/", "//", "b", "é", "b/", "😀", "zz");

    private S3ModelKeys() {}

    static List<String> some(Random random, int count) {
        Set<String> keys = new TreeSet<>();
        keys.add("k".repeat(1024));
        while (keys.size() < count) {
            StringBuilder key = new StringBuilder();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                key.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            keys.add(key.toString());
        }
        return List.copyOf(keys);
    }

    static String somePrefix(Random random, List<String> keys) {
        String key = keys.get(random.nextInt(keys.size()));
        if (random.nextInt(3) == 0) {
            return "";
        }
        // Cut between characters, as clients do.
        int cut = random.nextInt(Math.min(5, key.codePointCount(0, key.length())) + 1);
        return key.substring(0, key.offsetByCodePoints(0, cut));
    }
}
