package io.varve.devices;

import java.util.random.RandomGenerator;

/**
 * Names one blob for ever: ids are never used again for other bytes. Made ids sort by the time of
 * their making, so that what was written together lies together in an ordered view, and name the
 * pool they are of; 64 random bits keep them apart.
 */
public record BlobId(long high, long low) implements Comparable<BlobId> {
    public static final int SIZE_BYTES = 16;

    /** The pool id has 16 bits. */
    public static final int MAX_POOL_ID = 0xffff;

    private static final int TIME_SHIFT = 16;

    /** Makes an id: 48 bits of milliseconds since 1970, 16 of the pool, then 64 random bits. */
    public static BlobId create(long timeMs, int poolId, RandomGenerator random) {
        if (poolId < 0 || poolId > MAX_POOL_ID) {
            throw new IllegalArgumentException("pool id is not from 0 to 65535: " + poolId);
        }
        return new BlobId(timeMs << TIME_SHIFT | poolId, random.nextLong());
    }

    /** The pool the blob is of. */
    public int poolId() {
        return (int) high & MAX_POOL_ID;
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
