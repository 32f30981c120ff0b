package io.varve.devices.erasure;

/** The code once more, byte by byte and without tables, to compare with. */
final class ReferenceCode {
    private ReferenceCode() {}

    /** Multiplication of polynomials over two elements, modulo x^8 + x^4 + x^3 + x^2 + 1. */
    static int multiply(int a, int b) {
        int product = 0;
        for (int bit = 0; bit < 8; bit++) {
            product ^= ((b >> bit) & 1) * (a << bit);
        }
        for (int bit = 14; bit >= 8; bit--) {
            product ^= ((product >> bit) & 1) * (0x11d << (bit - 8));
        }
        return product;
    }

    static int inverse(int a) {
        for (int candidate = 1; candidate < 256; candidate++) {
            if (multiply(a, candidate) == 1) {
                return candidate;
            }
        }
        throw new ArithmeticException("no inverse of " + a);
    }

    /** 2^(row * column); beyond three rows 1 / (x + y) over the first of its column, then row. */
    static int coefficient(int m, int parity, int data) {
        if (m <= 3) {
            int power = 1;
            for (int i = 0; i < parity * data; i++) {
                power = multiply(power, 2);
            }
            return power;
        }
        int column = cauchy(m, 0, data);
        int first = multiply(cauchy(m, parity, 0), inverse(cauchy(m, 0, 0)));
        return multiply(multiply(cauchy(m, parity, data), inverse(column)), inverse(first));
    }

    private static int cauchy(int m, int parity, int data) {
        return inverse(parity ^ m + data);
    }

    /** Shards that are shorter count as followed by zeros. */
    static byte[][] encode(byte[][] data, int m) {
        int length = 0;
        for (byte[] shard : data) {
            length = Math.max(length, shard.length);
        }
        byte[][] parity = new byte[m][length];
        for (int j = 0; j < m; j++) {
            for (int i = 0; i < data.length; i++) {
                int coefficient = coefficient(m, j, i);
                for (int at = 0; at < data[i].length; at++) {
                    parity[j][at] ^= (byte) multiply(coefficient, data[i][at] & 0xff);
                }
            }
        }
        return parity;
    }
}
