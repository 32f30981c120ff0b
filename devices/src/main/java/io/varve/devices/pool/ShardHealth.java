package io.varve.devices.pool;

import io.varve.devices.PoolHealth;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Counts how whole a pool of shards is, by the parts of its groups. Where the tallies do not tell,
 * because the parts differ, the blobs are looked at, and remembered until the group changes. Safe
 * for use by many threads.
 */
final class ShardHealth {
    private final int poolId;
    private final int dataShards;
    private final PoolMembers parts;
    private final PoolCensus census;
    private long[] states = {};
    private Count[] counts = {};

    /** Distinct blobs of one group. */
    private record Count(long small, long large, long unreachable) {
        static final Count NONE = new Count(0, 0, 0);
    }

    /**
     * @param parts the members by a {@link ShardedPlacement}
     */
    ShardHealth(int poolId, int dataShards, PoolMembers parts) {
        this.poolId = poolId;
        this.dataShards = dataShards;
        this.parts = parts;
        this.census = new PoolCensus(poolId, parts);
    }

    synchronized PoolHealth health(long lostBlobs) {
        GroupView view = new GroupView(poolId, parts);
        ShardedPlacement placement = (ShardedPlacement) view.placement();
        countBlobs(view, placement);
        int undersized = 0;
        long blobs = 0;
        long present = 0;
        long bytes = 0;
        long degraded = 0;
        long misplaced = 0;
        long unreachable = 0;
        for (int group = 0; group < counts.length; group++) {
            int first = group * placement.partCount();
            int places = 0;
            for (int part = first; part < first + placement.partCount(); part++) {
                long wanted = part == first ? counts[group].small : counts[group].large;
                long atHome = view.homeCopies(part);
                long all = view.copies(part);
                places += part == first ? 0 : view.homeSize(part);
                present += all;
                bytes += view.bytes(part);
                degraded += view.homeSize(part) * wanted - atHome;
                misplaced += all - atHome;
            }
            undersized += places < placement.shards() ? 1 : 0;
            blobs += counts[group].small + counts[group].large;
            unreachable += counts[group].unreachable;
        }
        return new PoolHealth(
                placement.epoch(),
                counts.length,
                undersized,
                blobs,
                present,
                bytes,
                degraded,
                misplaced,
                unreachable,
                lostBlobs);
    }

    private void countBlobs(GroupView view, ShardedPlacement placement) {
        int count = placement.blobs().groupCount();
        if (states.length != count) {
            states = new long[count];
            counts = new Count[count];
            Arrays.fill(counts, Count.NONE);
        }
        BitSet unclear = new BitSet();
        for (int group = 0; group < count; group++) {
            long state = state(view, placement, group);
            if (state != states[group]) {
                states[group] = state;
                count(view, placement, group, unclear);
            }
        }
        if (!unclear.isEmpty()) {
            look(placement, unclear);
            // Changed meanwhile: to be looked at again, since it cannot be told what was seen.
            for (int group = unclear.nextSetBit(0);
                    group >= 0;
                    group = unclear.nextSetBit(group + 1)) {
                if (state(view, placement, group) != states[group]) {
                    states[group] = 0;
                }
            }
        }
    }

    private static long state(GroupView view, ShardedPlacement placement, int group) {
        long state = 1;
        int first = group * placement.partCount();
        for (int part = first; part < first + placement.partCount(); part++) {
            state = state * 0x9E37_79B9_7F4A_7C15L + view.state(part);
        }
        return state;
    }

    /** By the tallies, if they tell how many blobs there are and that enough of each is up. */
    private void count(GroupView view, ShardedPlacement placement, int group, BitSet unclear) {
        int first = group * placement.partCount();
        int end = first + placement.partCount();
        long small = view.blobs(first);
        long large = view.blobs(first + 1, end);
        int reachable = 0;
        for (int part = first + 1; part < end; part++) {
            reachable += view.reachable(part) ? 1 : 0;
        }
        if (small < 0 || large < 0) {
            unclear.set(group);
            return;
        }
        long unreachable =
                (view.reachable(first) ? 0 : small) + (reachable >= dataShards ? 0 : large);
        counts[group] = new Count(small, large, unreachable);
    }

    /** One group after the other has its blobs brought together from the parts. */
    private void look(ShardedPlacement placement, BitSet unclear) {
        BitSet wanted = new BitSet();
        for (int group = unclear.nextSetBit(0); group >= 0; group = unclear.nextSetBit(group + 1)) {
            counts[group] = Count.NONE;
            wanted.set(group * placement.partCount(), (group + 1) * placement.partCount());
        }
        new ShardCensus(census, placement)
                .forEach(
                        wanted,
                        blob -> {
                            Count before = counts[blob.group()];
                            long gone =
                                    blob.reachableParts() >= (blob.whole() ? 1 : dataShards)
                                            ? 0
                                            : 1;
                            counts[blob.group()] =
                                    new Count(
                                            before.small + (blob.whole() ? 1 : 0),
                                            before.large + (blob.whole() ? 0 : 1),
                                            before.unreachable + gone);
                        });
    }
}
