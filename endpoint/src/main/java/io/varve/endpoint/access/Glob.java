package io.varve.endpoint.access;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Text with {@code *} for any characters and {@code ?} for one. {@code ${key}} stands for a fact of
 * the request, whose own asterisks are plain; {@code ${*}}, {@code ${?}} and {@code ${$}} are plain
 * too.
 */
final class Glob {
    private static final int ANY_RUN = -1;
    private static final int ANY_ONE = -2;

    /** What never matches: a variable that the request does not have. */
    private static final int[] NOTHING = {Integer.MIN_VALUE};

    private Glob() {}

    static boolean matches(String pattern, String text) {
        return matches(compile(pattern), text);
    }

    /** With variables, as policies of Version 2012-10-17 have them. */
    static boolean matches(String pattern, String text, RequestFacts facts) {
        return matches(compile(pattern, facts), text);
    }

    private static int[] compile(String pattern) {
        int[] codes = new int[pattern.length()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = code(pattern.charAt(i));
        }
        return codes;
    }

    private static int code(char c) {
        return c == '*' ? ANY_RUN : c == '?' ? ANY_ONE : c;
    }

    private static int[] compile(String pattern, RequestFacts facts) {
        if (!pattern.contains("${")) {
            return compile(pattern);
        }
        int[] codes = new int[pattern.length()];
        int count = 0;
        for (int i = 0; i < pattern.length(); i++) {
            int end = pattern.startsWith("${", i) ? pattern.indexOf('}', i) : -1;
            if (end < 0) {
                codes = add(codes, count++, code(pattern.charAt(i)));
                continue;
            }
            String value = value(pattern.substring(i + 2, end), facts);
            if (value == null) {
                return NOTHING;
            }
            for (int j = 0; j < value.length(); j++) {
                codes = add(codes, count++, value.charAt(j));
            }
            i = end;
        }
        return Arrays.copyOf(codes, count);
    }

    private static int[] add(int[] codes, int count, int code) {
        int[] room = count < codes.length ? codes : Arrays.copyOf(codes, 2 * codes.length);
        room[count] = code;
        return room;
    }

    private static @Nullable String value(String name, RequestFacts facts) {
        if (name.equals("*") || name.equals("?") || name.equals("$")) {
            return name;
        }
        int comma = name.indexOf(',');
        String key = (comma < 0 ? name : name.substring(0, comma)).strip();
        List<String> values = facts.values(key.toLowerCase(Locale.ROOT));
        if (values.size() == 1) {
            return values.getFirst();
        }
        String otherwise = comma < 0 ? "" : name.substring(comma + 1).strip();
        boolean quoted = otherwise.length() >= 2 && otherwise.startsWith("'");
        return quoted ? otherwise.substring(1, otherwise.length() - 1) : null;
    }

    /** Goes back to the last run only, so the work is bounded by both lengths multiplied. */
    private static boolean matches(int[] pattern, String text) {
        int p = 0;
        int t = 0;
        int runAt = -1;
        int runText = 0;
        while (t < text.length()) {
            if (p < pattern.length && pattern[p] == ANY_RUN) {
                runAt = p++;
                runText = t;
            } else if (p < pattern.length
                    && (pattern[p] == ANY_ONE || pattern[p] == text.charAt(t))) {
                p++;
                t++;
            } else if (runAt >= 0) {
                p = runAt + 1;
                t = ++runText;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == ANY_RUN) {
            p++;
        }
        return p == pattern.length;
    }
}
