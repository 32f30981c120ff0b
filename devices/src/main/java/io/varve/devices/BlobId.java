package io.varve.devices;

import java.util.random.RandomGenerator;

/**
 * Names one blob for ever: ids are never used again for other bytes. Made ids sort by the time of
 * their making, so that what was written together lies together in an ordered view, and name the
 * pool they are of; 58 random bits keep them apart.
 *
 * <p>The sixth lowest bit of a made id tells whether the payload is stored compressed, so that a
 * reader knows before it reads. The low five bits of a made id are zero. A pool that cuts blobs
 * into shards has the devices know each shard by its blob's id with the shard's number, from 1, in
 * these bits.
 */
public record BlobId(long high, long low) implements Comparable<BlobId> {
    public static final int SIZE_BYTES = 16;

    /** The pool id has 16 bits. */
    public static final int MAX_POOL_ID = 0xffff;

    private static final int TIME_SHIFT = 16;
    private static final long SHARD_MASK = 31;
    private static final long COMPRESSED = 32;

    /** Makes an id for a payload that is the blob's content as it is. */
    public static BlobId create(long timeMs, int poolId, RandomGenerator random) {
        return create(timeMs, poolId, false, random);
    }

    /**
     * Makes an id: 48 bits of milliseconds since 1970, 16 of the pool, 58 random bits, one that
     * tells whether the payload is compressed, 5 zeros.
     */
    public static BlobId create(
            long timeMs, int poolId, boolean compressed, RandomGenerator random) {
        if (poolId < 0 || poolId > MAX_POOL_ID) {
            throw new IllegalArgumentException("pool id is not from 0 to 65535: " + poolId);
        }
        long low = random.nextLong() & ~(SHARD_MASK | COMPRESSED);
        return new BlobId(timeMs << TIME_SHIFT | poolId, compressed ? low | COMPRESSED : low);
    }

    /** Whether the payload of a made id is the blob's content in compressed form. */
    public boolean compressed() {
        return (low & COMPRESSED) != 0;
    }

    /** The pool the blob is of. */
    public int poolId() {
        return (int) high & MAX_POOL_ID;
    }

    /** What a device knows a shard of this blob by; shards count from 0. */
    public BlobId shard(int number) {
        if (number < 0 || number >= SHARD_MASK) {
            throw new IllegalArgumentException("shard number is not from 0 to 30: " + number);
        }
        return new BlobId(high, (low & ~SHARD_MASK) | (number + 1L));
    }

    /** The number of the shard that this names in a pool that has shards, -1 for a whole blob. */
    public int shardNumber() {
        return (int) (low & SHARD_MASK) - 1;
    }

    /** The blob of which this names a shard, in a pool that has shards. */
    public BlobId blob() {
        return new BlobId(high, low & ~SHARD_MASK);
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
