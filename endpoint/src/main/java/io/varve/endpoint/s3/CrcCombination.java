package io.varve.endpoint.s3;

/**
 * The CRC of two byte sequences in a row from the CRCs of each and the length of the second.
 *
 * <p>A reflected CRC register is a polynomial over GF(2) modulo the generator, highest power in the
 * lowest bit. To append n bytes multiplies it by x^(8n); initial value and final exclusive-or
 * cancel out. So crc(AB) = crc(A) · x^(8·|B|) + crc(B), and the power is had by squaring.
 */
enum CrcCombination {
    CRC32(32, 0xEDB88320L),
    CRC32C(32, 0x82F63B78L),
    CRC64NVME(64, Crc64Nvme.POLYNOMIAL);

    private final long one;
    private final long polynomial;
    private final long[] powers = new long[Long.SIZE];

    /**
     * @param polynomial reflected
     */
    CrcCombination(int bits, long polynomial) {
        this.one = 1L << (bits - 1);
        this.polynomial = polynomial;
        // powers[k] = x^(8 · 2^k): x^8 first, then each the square of the one before.
        long power = one;
        for (int i = 0; i < 8; i++) {
            power = timesX(power);
        }
        for (int k = 0; k < powers.length; k++) {
            powers[k] = power;
            power = product(power, power);
        }
    }

    /** The CRC of A followed by B. */
    long combined(long crcOfA, long crcOfB, long lengthOfB) {
        long shifted = crcOfA;
        long length = lengthOfB;
        for (int k = 0; length != 0; k++, length >>>= 1) {
            if ((length & 1) != 0) {
                shifted = product(shifted, powers[k]);
            }
        }
        return shifted ^ crcOfB;
    }

    private long timesX(long a) {
        return (a & 1) != 0 ? a >>> 1 ^ polynomial : a >>> 1;
    }

    private long product(long a, long b) {
        long product = 0;
        long shifted = b;
        for (long bit = one; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= shifted;
            }
            shifted = timesX(shifted);
        }
        return product;
    }
}
