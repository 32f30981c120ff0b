package io.varve.endpoint.swift;

import java.nio.charset.StandardCharsets;

/** Names in the order that the store keeps: by their bytes in UTF-8. */
final class Utf8 {
    private Utf8() {}

    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // Surrogates stand for what sorts above every other character.
                boolean xSurrogate = Character.isSurrogate(x);
                boolean ySurrogate = Character.isSurrogate(y);
                return xSurrogate == ySurrogate ? Character.compare(x, y) : xSurrogate ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
