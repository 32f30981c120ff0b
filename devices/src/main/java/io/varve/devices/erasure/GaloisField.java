package io.varve.devices.erasure;

/** The field of 256 elements, modulo x^8 + x^4 + x^3 + x^2 + 1, of which 2 makes all but zero. */
final class GaloisField {
    /** What the bit that falls out of a byte comes back as when it is doubled. */
    static final int REDUCTION = 0x1d;

    private static final int ORDER = 255;
    private static final int[] POWERS = new int[2 * ORDER];
    private static final int[] LOGARITHMS = new int[ORDER + 1];

    static {
        int power = 1;
        for (int i = 0; i < ORDER; i++) {
            POWERS[i] = power;
            POWERS[i + ORDER] = power;
            LOGARITHMS[power] = i;
            power = ((power << 1) & ORDER) ^ ((power >> 7) * REDUCTION);
        }
    }

    private GaloisField() {}

    static int multiply(int a, int b) {
        return a == 0 || b == 0 ? 0 : POWERS[LOGARITHMS[a] + LOGARITHMS[b]];
    }

    static int powerOfTwo(int exponent) {
        return POWERS[exponent % ORDER];
    }

    static int invert(int a) {
        if (a == 0) {
            throw new ArithmeticException("zero has no inverse");
        }
        return POWERS[ORDER - LOGARITHMS[a]];
    }
}
