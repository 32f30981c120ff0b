package io.varve.devices.pool;

import io.varve.devices.PoolHealth;
import io.varve.devices.PoolPlacement;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntSupplier;

/**
 * Counts how whole a pool is. Most groups are told by the tallies alone; the blobs of the others
 * are looked at, and remembered until the group changes. Safe for use by many threads.
 */
final class HealthView {
    /** No state of a group: those are not this number but by a chance of one in 2^64. */
    private static final long UNKNOWN = 0;

    private final int poolId;
    private final IntSupplier copies;
    private final PoolMembers members;
    private final PoolCensus census;
    private long[] states = {};
    private long[] blobs = {};
    private long[] unreachable = {};

    HealthView(int poolId, IntSupplier copies, PoolMembers members) {
        this.poolId = poolId;
        this.copies = copies;
        this.members = members;
        this.census = new PoolCensus(poolId, members);
    }

    synchronized PoolHealth health(long lostBlobs) {
        GroupView groups = new GroupView(poolId, members);
        PoolPlacement placement = groups.placement();
        int wanted = copies.getAsInt();
        int count = placement.groupCount();
        if (states.length != count) {
            states = new long[count];
            blobs = new long[count];
            unreachable = new long[count];
        }
        countBlobs(groups);
        int undersized = 0;
        long present = 0;
        long bytes = 0;
        long degraded = 0;
        long misplaced = 0;
        for (int group = 0; group < count; group++) {
            int homeSize = groups.homeSize(group);
            undersized += homeSize < wanted ? 1 : 0;
            long atHome = groups.homeCopies(group);
            long all = groups.copies(group);
            present += all;
            bytes += groups.bytes(group);
            degraded += homeSize * blobs[group] - atHome;
            misplaced += all - atHome;
        }
        return new PoolHealth(
                placement.epoch(),
                count,
                undersized,
                Arrays.stream(blobs).sum(),
                present,
                bytes,
                degraded,
                misplaced,
                Arrays.stream(unreachable).sum(),
                lostBlobs);
    }

    private void countBlobs(GroupView groups) {
        BitSet unclear = new BitSet();
        for (int group = 0; group < states.length; group++) {
            long state = groups.state(group);
            if (state == states[group]) {
                continue;
            }
            states[group] = state;
            long told = groups.blobs(group);
            blobs[group] = Math.max(0, told);
            unreachable[group] = groups.reachable(group) ? 0 : blobs[group];
            if (told < 0) {
                unclear.set(group);
            }
        }
        if (!unclear.isEmpty()) {
            look(groups, unclear);
        }
    }

    private void look(GroupView groups, BitSet unclear) {
        for (int group = 0; group < states.length; group++) {
            if (unclear.get(group)) {
                blobs[group] = 0;
                unreachable[group] = 0;
            }
        }
        for (int part = 0; part < PoolCensus.partCount(); part++) {
            for (PoolCensus.Holding each : census.part(part, groups.placement(), unclear)) {
                blobs[each.group()]++;
                unreachable[each.group()] += each.reachable() ? 0 : 1;
            }
        }
        // Changed meanwhile: to be looked at again, since it cannot be told what was seen.
        for (int group = 0; group < states.length; group++) {
            if (unclear.get(group) && groups.state(group) != states[group]) {
                states[group] = UNKNOWN;
            }
        }
    }
}
