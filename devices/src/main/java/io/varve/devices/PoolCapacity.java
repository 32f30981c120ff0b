package io.varve.devices;

/**
 * How much a pool can hold, in bytes of payload as they are stored: the redundancy is taken off,
 * and that the map fills the devices in the proportion that it does, so that the one which is full
 * first ends it. The devices are shared with other pools: what is available to one is so as long as
 * the others do not grow.
 *
 * @param usableBytes what the pool could hold if it had its devices alone, up to their full
 *     threshold
 * @param usedBytes what it holds
 * @param availableBytes what may still be written until the first of its devices is full
 * @param fullness {@link Fullness#NEAR_FULL} when one of its devices is that or full; {@link
 *     Fullness#FULL} when no placement group takes new blobs any more
 * @param fullGroups placement groups that take no new blobs, because a device of theirs is full
 */
public record PoolCapacity(
        long usableBytes, long usedBytes, long availableBytes, Fullness fullness, int fullGroups) {}
