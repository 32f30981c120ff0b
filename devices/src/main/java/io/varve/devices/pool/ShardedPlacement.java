package io.varve.devices.pool;

import io.varve.devices.PoolPlacement;

import java.util.Arrays;

/**
 * A placement seen by parts: each group of a pool of shards is taken apart into one for the whole
 * copies of its small blobs and one for each shard number. So what devices count, and what backfill
 * looks at, is for each part as it is for the copies of a pool without shards. Immutable.
 *
 * @param blobs the placement of the pool
 * @param shards how many shards a blob has
 * @param copies how many copies a small blob has
 */
record ShardedPlacement(PoolPlacement blobs, int shards, int copies) implements PoolPlacement {
    private static final int SHARD_MASK = 31;

    @Override
    public long epoch() {
        return blobs.epoch();
    }

    /** Parts of one group: they follow each other, that of the whole copies first. */
    int partCount() {
        return shards + 1;
    }

    @Override
    public int groupCount() {
        return blobs.groupCount() * partCount();
    }

    @Override
    public int groupOf(long blobIdHigh, long blobIdLow) {
        int part = (int) blobIdLow & SHARD_MASK;
        // A number that no shard has is on a device only by a fault; it must count somewhere.
        int known = part > shards ? 0 : part;
        return blobs.groupOf(blobIdHigh, blobIdLow & ~SHARD_MASK) * partCount() + known;
    }

    @Override
    public int[] home(int group) {
        return part(blobs.home(group / partCount()), group % partCount());
    }

    @Override
    public int[] target(int group) {
        return part(blobs.target(group / partCount()), group % partCount());
    }

    private int[] part(int[] devices, int part) {
        if (part == 0) {
            return Arrays.stream(devices).filter(id -> id >= 0).limit(copies).toArray();
        }
        return part > devices.length || devices[part - 1] < 0
                ? new int[0]
                : new int[] {devices[part - 1]};
    }
}
