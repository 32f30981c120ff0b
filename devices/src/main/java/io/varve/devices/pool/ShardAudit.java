package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceState;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.DeviceLog;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pool of shards as an audit sees it. The shards of a blob are in different parts of the devices'
 * indexes, so each look goes over all of them and keeps what belongs to the parts asked for.
 */
final class ShardAudit implements AuditSource {
    private final int poolId;
    private final int dataShards;
    private final PoolMembers parts;
    private final ShardPlaces places;
    private final PoolCensus census;

    /**
     * @param parts the members by a {@link ShardedPlacement}
     */
    ShardAudit(int poolId, int dataShards, PoolMembers parts, ShardPlaces places) {
        this.poolId = poolId;
        this.dataShards = dataShards;
        this.parts = parts;
        this.places = places;
        this.census = new PoolCensus(poolId, parts);
    }

    @Override
    public long copies() {
        return new GroupView(poolId, parts).copies();
    }

    @Override
    public Map<BlobId, Held> held(int fromPart, int toPart) {
        ShardedPlacement placement = (ShardedPlacement) parts.placement();
        BitSet all = new BitSet();
        all.set(0, placement.groupCount());
        Map<BlobId, Found> found = new HashMap<>();
        for (int part = 0; part < PoolCensus.partCount(); part++) {
            for (PoolCensus.Holding each : census.part(part, placement, all)) {
                BlobId blobId = each.blobId().blob();
                int partOf = DeviceLog.partOf(blobId);
                if (partOf >= fromPart && partOf < toPart) {
                    found.computeIfAbsent(blobId, id -> new Found()).add(each, placement);
                }
            }
        }
        Map<BlobId, Held> held = new HashMap<>();
        found.forEach((blobId, of) -> held.put(blobId, of.held(dataShards, placement.shards())));
        return held;
    }

    /** What was found of one blob: bit 0 for a whole copy, bit s + 1 for shard s. */
    private static final class Found {
        private int kinds;
        private int up;
        private boolean stray;

        void add(PoolCensus.Holding part, ShardedPlacement placement) {
            int bit = 1 << (part.blobId().shardNumber() + 1);
            kinds |= bit;
            up |= part.reachable() ? bit : 0;
            stray |= !part.atHome(placement);
        }

        Held held(int dataShards, int shards) {
            boolean whole = (kinds & 1) != 0;
            boolean complete = whole || Integer.bitCount(kinds) == shards;
            return new Held(Integer.bitCount(up) >= (whole ? 1 : dataShards), complete && !stray);
        }
    }

    @Override
    public boolean isReachable(BlobId blobId) {
        BlobParts found = places.find(blobId);
        return isEnough(
                (int) found.shards().stream().filter(ShardAudit::anyUp).count(),
                anyUp(found.copies()));
    }

    private static boolean anyUp(List<BlobDevice> logs) {
        return logs.stream().anyMatch(log -> log.state() == DeviceState.UP);
    }

    @Override
    public boolean isAnywhere(BlobId blobId) {
        BlobParts found = places.find(blobId);
        return isEnough(found.shardCount(), found.whole());
    }

    private boolean isEnough(int shards, boolean whole) {
        return whole || shards >= dataShards;
    }

    @Override
    public boolean isHeld(BlobId blobId) {
        return !places.find(blobId).absent();
    }

    @Override
    public boolean allUp() {
        return parts.all().stream().allMatch(SetMember::up);
    }
}
