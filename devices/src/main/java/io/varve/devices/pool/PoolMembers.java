package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.PlacementFunction;
import io.varve.devices.log.DeviceLog;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The devices of a pool, and which of them a blob belongs on. Immutable. */
final class PoolMembers {
    private final SortedMap<Integer, PoolMember> byId = new TreeMap<>();
    private final PlacementFunction placement;

    PoolMembers(List<PoolMember> members, PlacementFunction placement) {
        members.forEach(member -> byId.put(member.deviceId(), member));
        this.placement = placement;
    }

    Collection<PoolMember> all() {
        return byId.values();
    }

    @Nullable PoolMember find(int deviceId) {
        return byId.get(deviceId);
    }

    PoolMember require(int deviceId) {
        PoolMember member = byId.get(deviceId);
        if (member == null) {
            throw new IllegalArgumentException("the pool has no device " + deviceId);
        }
        return member;
    }

    /** The devices that should hold a blob, the preferred one first; unknown ones left out. */
    List<PoolMember> replicaSet(BlobId blobId) {
        int[] ids = placement.replicaSet(blobId.high(), blobId.low());
        List<PoolMember> members = new ArrayList<>(ids.length);
        for (int id : ids) {
            PoolMember member = byId.get(id);
            if (member != null) {
                members.add(member);
            }
        }
        return members;
    }

    /**
     * The logs that have a copy, the better ones first: of the replica set before others, those up
     * before failed ones, of which what can be read is still good.
     */
    List<DeviceLog> holders(BlobId blobId, List<PoolMember> replicaSet) {
        List<DeviceLog> holders = new ArrayList<>(replicaSet.size());
        addHolders(blobId, replicaSet, true, holders);
        if (holders.size() < replicaSet.size()) {
            addHolders(blobId, byId.values(), true, holders);
            addHolders(blobId, byId.values(), false, holders);
        }
        return holders;
    }

    private static void addHolders(
            BlobId blobId, Collection<PoolMember> members, boolean up, List<DeviceLog> holders) {
        for (PoolMember member : members) {
            DeviceLog log = member.log();
            if (log != null
                    && member.up() == up
                    && log.lengthBytes(blobId) >= 0
                    && !holders.contains(log)) {
                holders.add(log);
            }
        }
    }
}
