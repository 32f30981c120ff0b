package io.varve.devices.log;

import io.varve.devices.BlobId;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many copies of a pool's blobs one device holds in each placement group: kept with every
 * change of the device's index, so it is exact at any time.
 *
 * <p>Beside the number there is a fingerprint of which blobs they are: the sum of a 64-bit hash of
 * their ids. Two devices with equal numbers and fingerprints hold the same blobs of the group; that
 * two different sets look equal has a chance of one in 2^64.
 *
 * <p>Thread: the index changes it; any thread may read. The figures of one group are of one moment
 * only while nothing is written.
 */
public final class GroupTally {
    private static final long SHARD_MASK = 31;

    private final int poolId;
    private final long idMask;
    private final Grouping grouping;
    private final boolean shards;
    private final AtomicIntegerArray copies;
    private final AtomicLongArray bytes;
    private final AtomicLongArray fingerprints;

    /** Tells the group of a blob; pure. */
    @FunctionalInterface
    public interface Grouping {
        int groupOf(long blobIdHigh, long blobIdLow);
    }

    /**
     * @param shards whether shards of one blob look equal in fingerprints
     */
    public GroupTally(int poolId, int groupCount, Grouping grouping, boolean shards) {
        this.idMask = shards ? ~SHARD_MASK : -1;
        this.poolId = poolId;
        this.shards = shards;
        this.grouping = grouping;
        this.copies = new AtomicIntegerArray(groupCount);
        this.bytes = new AtomicLongArray(groupCount);
        this.fingerprints = new AtomicLongArray(groupCount);
    }

    private GroupTally(int poolId, Figures figures) {
        this.idMask = -1;
        this.poolId = poolId;
        this.shards = false;
        this.grouping =
                (high, low) -> {
                    throw new IllegalStateException("figures of a moment do not change");
                };
        this.copies = new AtomicIntegerArray(figures.copies);
        this.bytes = new AtomicLongArray(figures.bytes);
        this.fingerprints = new AtomicLongArray(figures.fingerprints);
    }

    /** What a tally somewhere else had counted at a moment, by group. */
    public record Figures(int[] copies, long[] bytes, long[] fingerprints) {
        @Override
        public String toString() {
            return "Figures[groups=%d]".formatted(copies.length);
        }
    }

    /** One that stays as it is. */
    public static GroupTally of(int poolId, Figures figures) {
        return new GroupTally(poolId, figures);
    }

    /** Whether shards of one blob look equal in fingerprints. */
    public boolean shards() {
        return shards;
    }

    public int poolId() {
        return poolId;
    }

    public int groupCount() {
        return copies.length();
    }

    /** Copies of the group's blobs on the device. */
    public int copies(int group) {
        return copies.get(group);
    }

    /** Payload of those copies. */
    public long bytes(int group) {
        return bytes.get(group);
    }

    /** Which blobs they are, as one number. */
    public long fingerprint(int group) {
        return fingerprints.get(group);
    }

    void added(long high, long low, int payloadBytes) {
        if (isOfPool(high)) {
            int group = grouping.groupOf(high, low);
            copies.getAndIncrement(group);
            bytes.getAndAdd(group, payloadBytes);
            fingerprints.getAndAdd(group, fingerprint(high, low & idMask));
        }
    }

    void removed(long high, long low, int payloadBytes) {
        if (isOfPool(high)) {
            int group = grouping.groupOf(high, low);
            copies.getAndDecrement(group);
            bytes.getAndAdd(group, -payloadBytes);
            fingerprints.getAndAdd(group, -fingerprint(high, low & idMask));
        }
    }

    private boolean isOfPool(long high) {
        return ((int) high & BlobId.MAX_POOL_ID) == poolId;
    }

    /** Another hash than those that choose a shard or a group, which blobs of a group may share. */
    private static long fingerprint(long high, long low) {
        long h = high * 0xff51_afd7_ed55_8ccdL + Long.rotateLeft(low, 31) * 0xc4ce_b9fe_1a85_ec53L;
        h = (h ^ h >>> 33) * 0xff51_afd7_ed55_8ccdL;
        h = (h ^ h >>> 29) * 0xc4ce_b9fe_1a85_ec53L;
        return h ^ h >>> 32;
    }
}
