package io.varve.devices;

/**
 * How a pool of shards is kept.
 *
 * @param poolId the pool's number, which the ids of its blobs carry
 * @param scheme into how many shards a blob is cut, and how many must be durable. What is on the
 *     devices was written with it: it never changes for a pool
 * @param maxCopiedBytes blobs up to that length are kept whole, in as many copies as the scheme has
 *     parity shards and one, since small shards cost more in heads and accesses than they save
 * @param repairBytesPerSecond most that background repair and scrub read per second
 * @param backfill how fast blobs are brought to where they belong, to begin with
 * @param scrub how often and how fast what lies on the devices is read
 */
public record ErasureConfig(
        int poolId,
        Redundancy.Erasure scheme,
        int maxCopiedBytes,
        long repairBytesPerSecond,
        BackfillPace backfill,
        ScrubPace scrub) {
    /** With 4+2, a shard of 16 KiB: as much as a drive reads in the time of a hundredth seek. */
    public static final int DEFAULT_MAX_COPIED_BYTES = 64 << 10;

    public ErasureConfig {
        Requirement.that(
                poolId >= 0 && poolId <= BlobId.MAX_POOL_ID,
                "poolId must be from 0 to 65535",
                poolId);
        Requirement.that(
                maxCopiedBytes >= 0 && maxCopiedBytes <= WriteLimits.MAX_BLOB_BYTES,
                "maxCopiedBytes must be from 0 to 64 MiB",
                maxCopiedBytes);
        Requirement.that(
                repairBytesPerSecond > 0,
                "repairBytesPerSecond must be positive",
                repairBytesPerSecond);
    }

    public static ErasureConfig of(int poolId, Redundancy.Erasure scheme) {
        return new ErasureConfig(
                poolId,
                scheme,
                DEFAULT_MAX_COPIED_BYTES,
                32L << 20,
                BackfillPace.DEFAULT,
                ScrubPace.DEFAULT);
    }

    public ErasureConfig withMaxCopiedBytes(int bytes) {
        return new ErasureConfig(poolId, scheme, bytes, repairBytesPerSecond, backfill, scrub);
    }

    public ErasureConfig withRepairBytesPerSecond(long bytes) {
        return new ErasureConfig(poolId, scheme, maxCopiedBytes, bytes, backfill, scrub);
    }

    public ErasureConfig withBackfill(BackfillPace pace) {
        return new ErasureConfig(poolId, scheme, maxCopiedBytes, repairBytesPerSecond, pace, scrub);
    }

    public ErasureConfig withScrub(ScrubPace pace) {
        return new ErasureConfig(
                poolId, scheme, maxCopiedBytes, repairBytesPerSecond, backfill, pace);
    }
}
