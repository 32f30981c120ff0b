package io.varve.placement;

import java.util.Locale;

/** Numbers in reports: the same digits in every locale. */
final class Numbers {
    private Numbers() {}

    static String decimal(double number, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", number);
    }

    static String percent(double share) {
        return decimal(share * 100, 2) + " %";
    }
}
