package io.varve.placement;

/**
 * The logarithm straw2 draws with: {@code 2^44 * log2(u + 1)} for a 16-bit {@code u}, in integers
 * only, so that every machine computes the same draw.
 *
 * <p>The argument is scaled to {@code m = 2^15 * (1 + k/128) * (1 + j/2^15)} and the logarithms of
 * the two factors are looked up:
 *
 * <pre>
 *   reciprocals[k] = ceil (2^48 / (1 + k/128))          finds j
 *   coarse[k]      = floor(2^48 * log2(1 + k/128))      except k = 128, see below
 *   fine[j]        = floor(2^48 * log2(1 + j/2^15)) + bias(j)
 * </pre>
 *
 * <p>Placement is compatible only when these tables equal Ceph's to the last bit, and those are not
 * quite the mathematical ones: every fine entry but a few lies above its value by the constant
 * {@value #FINE_BIAS}, some entries lie above by less, and the last coarse entry is {@value
 * #COARSE_LAST} where 2^48 would be due. The tables are computed here and the deviations listed;
 * {@code FixedPointLogTest} pins all of them by digest.
 */
final class FixedPointLog {
    /** The value {@link #of} takes for the greatest argument, nearly: draws are relative to it. */
    static final long ONE = 1L << 48;

    private static final int COARSE_STEPS = 128;
    private static final int FINE_STEPS = 256;
    private static final long COARSE_LAST = 0xffff00000000L;
    private static final long FINE_BIAS = 5_493_489_664L;

    /** Fine entries without bias. */
    private static final int[] FINE_UNBIASED = {
        0, 1, 203, 216, 222, 233, 237, 238, 239, 243, 244, 245, 246, 248, 249, 250, 251, 252, 253,
        254, 255
    };

    /** Fine entries whose bias is another: index, bias. */
    private static final long[][] FINE_EXCEPTIONS = {
        {56, 5349423536L},
        {127, 978272901L},
        {134, 3588789669L},
        {181, 4007963589L},
        {184, 5423282367L},
        {188, 2201924427L},
        {193, 3829329171L},
        {198, 2511158322L},
        {199, 2670353280L},
        {200, 3807665765L},
        {207, 5045407031L},
        {210, 4635559696L},
        {212, 3670382108L},
        {225, 3209098745L},
        {227, 1514328394L},
        {228, 2662093655L},
        {229, 561838844L},
        {231, 3537203772L},
        {235, 4861921003L},
        {236, 5281046906L},
        {240, 2650193885L},
        {241, 4203558265L},
        {247, 362109528L},
    };

    private static final long[] RECIPROCALS = new long[COARSE_STEPS + 1];
    private static final long[] COARSE = new long[COARSE_STEPS + 1];
    private static final long[] FINE = new long[FINE_STEPS];

    static {
        for (int k = 0; k <= COARSE_STEPS; k++) {
            int divisor = COARSE_STEPS + k;
            RECIPROCALS[k] = ((ONE * COARSE_STEPS) + divisor - 1) / divisor;
            COARSE[k] = scaledLog2(divisor, 7);
        }
        COARSE[COARSE_STEPS] = COARSE_LAST;
        for (int j = 0; j < FINE_STEPS; j++) {
            FINE[j] = scaledLog2((1 << 15) + j, 15) + FINE_BIAS;
        }
        for (int j : FINE_UNBIASED) {
            FINE[j] -= FINE_BIAS;
        }
        for (long[] exception : FINE_EXCEPTIONS) {
            FINE[(int) exception[0]] += exception[1] - FINE_BIAS;
        }
    }

    private FixedPointLog() {}

    /**
     * Returns {@code 2^44 * log2(u + 1)}, nearly.
     *
     * @param u 0 to 65535
     */
    static long of(int u) {
        int mantissa = u + 1;
        int exponent = 15;
        if ((mantissa & 0x18000) == 0) {
            int shift = Integer.numberOfLeadingZeros(mantissa) - 16;
            mantissa <<= shift;
            exponent -= shift;
        }
        int k = (mantissa >> 8) - COARSE_STEPS;
        int j = (int) ((mantissa * RECIPROCALS[k]) >>> 48) & 0xff;
        return ((long) exponent << 44) + ((COARSE[k] + FINE[j]) >> 4);
    }

    /** Returns {@code floor(2^48 * log2(numerator / 2^bits))} for a quotient in [1, 2]. */
    private static long scaledLog2(int numerator, int bits) {
        if (numerator == 2 << bits) {
            return ONE;
        }
        // Squaring doubles the logarithm: each time the square passes 2, the next binary digit of
        // the logarithm is 1. The value has 63 binary places and its square 62, in unsigned
        // numbers, so that halving a square is to leave its bits alone. What is cut off doubles
        // with each squaring too, but nowhere reaches a digit: the digest of the tables shows it.
        long value = (long) numerator << (63 - bits);
        long log = 0;
        for (int digit = 0; digit < 48; digit++) {
            long square = Math.unsignedMultiplyHigh(value, value);
            log <<= 1;
            if (square < 0) {
                value = square;
                log |= 1;
            } else {
                value = (square << 1) | ((value * value) >>> 63);
            }
        }
        return log;
    }
}
