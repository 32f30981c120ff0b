package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.PoolPlacement;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.DeviceLog;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Goes over the copies of a pool on all devices, one part of the blobs after the other, so that no
 * more than a part is ever in memory. Any thread; while blobs come and go meanwhile, what it shows
 * of them may be of different moments.
 */
final class PoolCensus {
    private final int poolId;
    private final PoolMembers members;

    /**
     * A blob and the devices whose index names it, failed ones included.
     *
     * @param group its placement group
     */
    record Holding(BlobId blobId, int group, int lengthBytes, List<SetMember> holders) {
        boolean reachable() {
            return holders.stream().anyMatch(SetMember::up);
        }

        /** Whether each device of home has it and is up, and no other has it. */
        boolean atHome(PoolPlacement placement) {
            int[] home = placement.home(group);
            int wanted = 0;
            for (int id : home) {
                wanted += id < 0 ? 0 : 1;
            }
            for (SetMember holder : holders) {
                if (!holder.up() || !GroupView.contains(home, holder.deviceId())) {
                    return false;
                }
            }
            return holders.size() == wanted;
        }
    }

    PoolCensus(int poolId, PoolMembers members) {
        this.poolId = poolId;
        this.members = members;
    }

    static int partCount() {
        return DeviceLog.partCount();
    }

    /**
     * The blobs of one part.
     *
     * @param groups those that are asked for
     */
    Collection<Holding> part(int part, PoolPlacement placement, BitSet groups) {
        Map<BlobId, Holding> found = new HashMap<>();
        for (SetMember member : members.all()) {
            BlobDevice log = member.log();
            if (log == null) {
                continue;
            }
            log.list(
                    part,
                    (blobId, lengthBytes) -> {
                        int group = placement.groupOf(blobId.high(), blobId.low());
                        if (blobId.poolId() == poolId && groups.get(group)) {
                            found.computeIfAbsent(
                                            blobId,
                                            id ->
                                                    new Holding(
                                                            id,
                                                            group,
                                                            lengthBytes,
                                                            new ArrayList<>(3)))
                                    .holders()
                                    .add(member);
                        }
                    });
        }
        return found.values();
    }
}
