package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceState;
import io.varve.devices.PoolPlacement;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** A pool of whole copies as an audit sees it. */
final class CopyAudit implements AuditSource {
    private final int poolId;
    private final PoolMembers members;
    private final PoolCensus census;

    CopyAudit(int poolId, PoolMembers members) {
        this.poolId = poolId;
        this.members = members;
        this.census = new PoolCensus(poolId, members);
    }

    @Override
    public long copies() {
        return new GroupView(poolId, members).copies();
    }

    @Override
    public Map<BlobId, Held> held(int fromPart, int toPart) {
        PoolPlacement placement = members.placement();
        BitSet all = new BitSet();
        all.set(0, placement.groupCount());
        Map<BlobId, Held> held = new HashMap<>();
        for (int part = fromPart; part < toPart; part++) {
            for (PoolCensus.Holding each : census.part(part, placement, all)) {
                held.put(each.blobId(), new Held(each.reachable(), each.atHome(placement)));
            }
        }
        return held;
    }

    @Override
    public boolean isReachable(BlobId blobId) {
        return members.holders(blobId).logs().stream()
                .anyMatch(log -> log.state() == DeviceState.UP);
    }

    @Override
    public boolean isAnywhere(BlobId blobId) {
        return !members.holders(blobId).logs().isEmpty();
    }

    @Override
    public boolean isHeld(BlobId blobId) {
        return isAnywhere(blobId);
    }

    @Override
    public boolean allUp() {
        return members.all().stream().allMatch(SetMember::up);
    }
}
