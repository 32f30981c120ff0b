package io.varve.projections.namespace;

/** Numbers in settings: digits only, so that every replica reads the same. */
final class Decimal {
    static final long NONE = -1;
    private static final int DIGITS_MAX = 18;

    private Decimal() {}

    /**
     * @return {@link #NONE} for what is no number
     */
    static long parse(String text) {
        if (text.isEmpty() || text.length() > DIGITS_MAX) {
            return NONE;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return NONE;
            }
        }
        return Long.parseLong(text);
    }
}
