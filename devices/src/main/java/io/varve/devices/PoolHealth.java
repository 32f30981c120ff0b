package io.varve.devices;

/**
 * How whole a pool is. Exact: taken from what the devices' indexes hold, of one moment when nothing
 * is written meanwhile.
 *
 * @param epoch of the placement it was reckoned against
 * @param groups placement groups
 * @param undersizedGroups groups for which the map names fewer devices than copies are wanted
 * @param blobs that some device in the set is known to have, those on failed devices included
 * @param copies on devices that are up
 * @param bytes their payload
 * @param degradedCopies copies that a device of home should have and cannot give now: it lacks
 *     them, or is not up
 * @param misplacedCopies copies on devices that are up and not home
 * @param unreachableBlobs of which only devices that are not up have a copy
 * @param lostBlobs that the last audit found wanted and on no device
 */
public record PoolHealth(
        long epoch,
        int groups,
        int undersizedGroups,
        long blobs,
        long copies,
        long bytes,
        long degradedCopies,
        long misplacedCopies,
        long unreachableBlobs,
        long lostBlobs) {
    /** With the lost blobs of an audit that was not of this process. */
    public PoolHealth withLostBlobs(long lost) {
        return new PoolHealth(
                epoch,
                groups,
                undersizedGroups,
                blobs,
                copies,
                bytes,
                degradedCopies,
                misplacedCopies,
                unreachableBlobs,
                lost);
    }

    /** Whether every blob known has all its copies where they belong. */
    public boolean whole() {
        return undersizedGroups == 0
                && degradedCopies == 0
                && misplacedCopies == 0
                && unreachableBlobs == 0
                && lostBlobs == 0;
    }
}
