package io.varve.devices.erasure;

/**
 * Arithmetic on blocks of bytes, eight to a long. Each method is one loop without a branch, over
 * arrays of longs, since that is the form which the JVM turns into vector instructions: it is as
 * fast as the incubating Vector API and needs no flag.
 */
final class WideBytes {
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long REDUCTIONS = EACH * GaloisField.REDUCTION;

    private WideBytes() {}

    /**
     * Each byte times two. Where a high bit falls out, high less its bit 0 leaves seven ones: a
     * mask for the reduction to come back in.
     */
    private static long doubled(long bytes) {
        long high = bytes & HIGH_BITS;
        return ((bytes ^ high) << 1) ^ ((high - (high >>> 7)) & REDUCTIONS);
    }

    /** Doubles a sum and adds to it those terms, {@code count} of them. */
    static void doubleAndAdd(long[] sum, long[][] terms, int count, int length) {
        switch (Math.min(count, 4)) {
            case 0 -> doubleOnly(sum, length);
            case 1 -> doubleAndAdd(sum, terms[0], length);
            case 2 -> doubleAndAdd(sum, terms[0], terms[1], length);
            case 3 -> doubleAndAdd(sum, terms[0], terms[1], terms[2], length);
            default -> {
                doubleAndAdd(sum, terms[0], terms[1], terms[2], terms[3], length);
                add(sum, terms, 4, count, length);
            }
        }
    }

    /** Sets a sum to that of the terms, {@code count} of them. */
    static void set(long[] sum, long[][] terms, int count, int length) {
        System.arraycopy(terms[0], 0, sum, 0, length);
        add(sum, terms, 1, count, length);
    }

    private static void add(long[] sum, long[][] terms, int from, int to, int length) {
        int next = from;
        while (next < to) {
            switch (Math.min(to - next, 3)) {
                case 1 -> add(sum, terms[next], length);
                case 2 -> add(sum, terms[next], terms[next + 1], length);
                default -> add(sum, terms[next], terms[next + 1], terms[next + 2], length);
            }
            next += 3;
        }
    }

    private static void add(long[] sum, long[] a, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] ^= a[i];
        }
    }

    private static void add(long[] sum, long[] a, long[] b, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] ^= a[i] ^ b[i];
        }
    }

    private static void add(long[] sum, long[] a, long[] b, long[] c, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] ^= a[i] ^ b[i] ^ c[i];
        }
    }

    private static void doubleOnly(long[] sum, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] = doubled(sum[i]);
        }
    }

    private static void doubleAndAdd(long[] sum, long[] a, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] = doubled(sum[i]) ^ a[i];
        }
    }

    private static void doubleAndAdd(long[] sum, long[] a, long[] b, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] = doubled(sum[i]) ^ a[i] ^ b[i];
        }
    }

    private static void doubleAndAdd(long[] sum, long[] a, long[] b, long[] c, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] = doubled(sum[i]) ^ a[i] ^ b[i] ^ c[i];
        }
    }

    private static void doubleAndAdd(
            long[] sum, long[] a, long[] b, long[] c, long[] d, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] = doubled(sum[i]) ^ a[i] ^ b[i] ^ c[i] ^ d[i];
        }
    }
}
