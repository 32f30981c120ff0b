package io.varve.devices;

/**
 * How a pool of whole copies is kept.
 *
 * @param poolId the pool's number, which the ids of its blobs carry
 * @param copies how many copies a blob should have
 * @param minCopies with how many durable copies a write may be acknowledged when the others failed
 * @param repairBytesPerSecond most that background repair and scrub write or read per second
 * @param backfill how fast blobs are brought to where they belong, to begin with
 * @param scrub when and how fast devices are scrubbed
 */
public record PoolConfig(
        int poolId,
        int copies,
        int minCopies,
        long repairBytesPerSecond,
        BackfillPace backfill,
        ScrubPace scrub) {
    public static final int MAX_COPIES = 16;

    /** Three copies, two of which must be durable when a device is lost. */
    public static final PoolConfig DEFAULT =
            new PoolConfig(0, 3, 2, 32L << 20, BackfillPace.DEFAULT, ScrubPace.DEFAULT);

    public PoolConfig {
        Requirement.that(
                poolId >= 0 && poolId <= BlobId.MAX_POOL_ID,
                "poolId must be from 0 to 65535",
                poolId);
        Requirement.that(
                copies >= 1 && copies <= MAX_COPIES, "copies must be from 1 to 16", copies);
        Requirement.that(
                minCopies >= 1 && minCopies <= copies,
                "minCopies must be from 1 to copies",
                minCopies);
        Requirement.that(
                repairBytesPerSecond > 0,
                "repairBytesPerSecond must be positive",
                repairBytesPerSecond);
    }

    public PoolConfig withPoolId(int id) {
        return new PoolConfig(id, copies, minCopies, repairBytesPerSecond, backfill, scrub);
    }

    public PoolConfig withCopies(int wanted, int minimum) {
        return new PoolConfig(poolId, wanted, minimum, repairBytesPerSecond, backfill, scrub);
    }

    public PoolConfig withRepairBytesPerSecond(long bytes) {
        return new PoolConfig(poolId, copies, minCopies, bytes, backfill, scrub);
    }

    public PoolConfig withBackfill(BackfillPace pace) {
        return new PoolConfig(poolId, copies, minCopies, repairBytesPerSecond, pace, scrub);
    }

    public PoolConfig withScrub(ScrubPace pace) {
        return new PoolConfig(poolId, copies, minCopies, repairBytesPerSecond, backfill, pace);
    }
}
