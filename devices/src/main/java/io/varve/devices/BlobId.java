package io.varve.devices;

import java.util.random.RandomGenerator;

/**
 * Names one blob for ever: ids are never used again for other bytes. Made ids sort by the time of
 * their making, so that what was written together lies together in an ordered view; 80 random bits
 * keep them apart.
 */
public record BlobId(long high, long low) implements Comparable<BlobId> {
    public static final int SIZE_BYTES = 16;

    private static final int TIME_SHIFT = 16;

    /** Makes an id: 48 bits of milliseconds since 1970, then 80 random bits. */
    public static BlobId create(long timeMs, RandomGenerator random) {
        long high = timeMs << TIME_SHIFT | random.nextLong() >>> (Long.SIZE - TIME_SHIFT);
        return new BlobId(high, random.nextLong());
    }

    /** Reads the 32 hexadecimal digits that {@link #toString} writes. */
    public static BlobId parse(String text) {
        if (text.length() != 2 * SIZE_BYTES) {
            throw new IllegalArgumentException("blob id is not 32 hexadecimal digits: " + text);
        }
        return new BlobId(
                Long.parseUnsignedLong(text, 0, SIZE_BYTES, 16),
                Long.parseUnsignedLong(text, SIZE_BYTES, 2 * SIZE_BYTES, 16));
    }

    @Override
    public int compareTo(BlobId other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return "%016x%016x".formatted(high, low);
    }
}
