package io.varve.endpoint.s3;

import java.util.Comparator;

/** Keys in the order of their UTF-8 bytes, which is that of their code points. */
final class Utf8Order {
    static final Comparator<String> KEYS = Utf8Order::compare;

    private Utf8Order() {}

    private static int compare(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int left = a.codePointAt(i);
            int right = b.codePointAt(i);
            if (left != right) {
                return Integer.compare(left, right);
            }
            i += Character.charCount(left);
        }
        return Integer.compare(a.length(), b.length());
    }
}
