package io.varve.devices.pool;

import io.varve.devices.DeviceStats;
import io.varve.devices.FillLimits;
import io.varve.devices.Fullness;
import io.varve.devices.PoolCapacity;
import io.varve.devices.PoolPlacement;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * Reckons what a pool can hold, from its placement: of all blobs a device gets the share of the
 * placement groups that it is in, which is what CRUSH makes of the weights. Made anew for each
 * look.
 */
final class CapacityView {
    private final PoolMembers members;
    private final FillLimits limits;
    private final double payloadPerPart;

    /**
     * @param payloadPerPart how many bytes of payload one byte in each place of a group stands for:
     *     1 for whole copies, k for shards
     */
    CapacityView(PoolMembers members, FillLimits limits, double payloadPerPart) {
        this.members = members;
        this.limits = limits;
        this.payloadPerPart = payloadPerPart;
    }

    PoolCapacity capacity(long storedBytes, double partsPerPayload) {
        PoolPlacement placement = members.placement();
        Map<Integer, Integer> homes = new HashMap<>();
        Map<Integer, Integer> targets = new HashMap<>();
        int fullGroups = 0;
        for (int group = 0; group < placement.groupCount(); group++) {
            count(placement.home(group), homes);
            count(placement.target(group), targets);
            fullGroups += fullDevice(members, placement.target(group)) == null ? 0 : 1;
        }
        double usable = least(homes, placement.groupCount(), false);
        double available = least(targets, placement.groupCount(), true);
        return new PoolCapacity(
                (long) usable,
                (long) (storedBytes / partsPerPayload),
                (long) available,
                fullness(targets, fullGroups == placement.groupCount()),
                fullGroups);
    }

    private static void count(int[] devices, Map<Integer, Integer> groups) {
        for (int device : devices) {
            if (device >= 0) {
                groups.merge(device, 1, Integer::sum);
            }
        }
    }

    /** The payload at which the first device has no room. */
    private double least(Map<Integer, Integer> groups, int groupCount, boolean free) {
        double least = Double.MAX_VALUE;
        for (Map.Entry<Integer, Integer> each : groups.entrySet()) {
            SetMember member = members.find(each.getKey());
            if (member != null && member.up()) {
                double share = (double) each.getValue() / groupCount;
                least = Math.min(least, room(member.stats(), free) / share);
            }
        }
        return least == Double.MAX_VALUE ? 0 : least * payloadPerPart;
    }

    private double room(DeviceStats device, boolean free) {
        double all = limits.full() * device.capacityBytes();
        return free ? Math.max(0, all - device.usedBytes()) : all;
    }

    private Fullness fullness(Map<Integer, Integer> groups, boolean all) {
        if (all) {
            return Fullness.FULL;
        }
        for (int device : groups.keySet()) {
            SetMember member = members.find(device);
            if (member != null && member.up() && limits.of(member.stats()) != Fullness.ROOMY) {
                return Fullness.NEAR_FULL;
            }
        }
        return Fullness.ROOMY;
    }

    /** The first of some devices that takes no new blobs; null when all do. */
    static @Nullable SetMember fullDevice(PoolMembers members, int[] devices) {
        for (int id : devices) {
            SetMember member = id < 0 ? null : members.find(id);
            if (member != null && member.full()) {
                return member;
            }
        }
        return null;
    }
}
