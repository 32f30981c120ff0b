package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.log.Pacer;

import java.util.BitSet;

/** Backfill of a pool of shards: besides what copies need, the making of shards that none has. */
final class ShardBackfill implements BackfillWork {
    private final ErasureRepair repair;

    ShardBackfill(ErasureRepair repair) {
        this.repair = repair;
    }

    @Override
    public BitSet unsettled(GroupView groups) {
        ShardedPlacement placement = (ShardedPlacement) groups.placement();
        BitSet unsettled = new BitSet(placement.groupCount());
        for (int first = 0; first < placement.groupCount(); first += placement.partCount()) {
            int end = first + placement.partCount();
            unsettled.set(first, groups.isUnsettled(first, placement.copies()));
            boolean shards = !groups.homesAgree(first + 1, end);
            for (int part = first + 1; part < end && !shards; part++) {
                shards = groups.isUnsettled(part, 1);
            }
            // To be found, a blob must be looked for by the shards that it has.
            unsettled.set(first + 1, end, shards);
        }
        return unsettled;
    }

    @Override
    public long lackingBytes(GroupView groups, BitSet unsettled) {
        ShardedPlacement placement = (ShardedPlacement) groups.placement();
        long lacking = 0;
        for (int first = 0; first < placement.groupCount(); first += placement.partCount()) {
            if (unsettled.get(first)) {
                lacking += groups.lackingBytes(first, first + 1);
            }
            if (unsettled.get(first + 1)) {
                lacking += groups.lackingBytes(first + 1, first + placement.partCount());
            }
        }
        return lacking;
    }

    @Override
    public BlobRepair.Homecoming bringHome(BlobId key, Pacer pace) {
        return repair.bringHome(key.blob(), pace);
    }
}
