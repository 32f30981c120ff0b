package io.varve.devices;

/**
 * Which devices the blobs of a pool belong on, at one map epoch. Blobs fall into placement groups;
 * all blobs of a group belong on the same devices. A value: equal questions get equal answers, from
 * any thread, and a change of anything makes another placement.
 *
 * <p>Two sets are told apart. <b>Home</b> is what the map says: devices that are out are left out,
 * devices that are down stay. <b>Target</b> is where a new blob is written now: home, with the
 * devices that are down replaced by others, which keep the copy for them until they are back. As
 * long as no device is down the two are equal.
 *
 * <p>The preferred device comes first; in a pool that has shards the place in the array is the
 * number of the shard. A negative number is a place for which the map has no device. Nobody changes
 * the arrays.
 */
public interface PoolPlacement {
    /** Grows with each change. */
    long epoch();

    int groupCount();

    /**
     * The group of a blob, from 0 to {@code groupCount() - 1}; the same for every epoch. A pool
     * that has shards asks with the blob's id, without a shard's number.
     */
    int groupOf(long blobIdHigh, long blobIdLow);

    int[] home(int group);

    int[] target(int group);
}
