package io.varve.devices.pool;

import io.varve.devices.BlobId;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Brings together what devices hold of the blobs of some groups. Shards of a blob have different
 * ids, so they are found apart; a few bytes for each blob of the groups are kept meanwhile.
 */
final class ShardCensus {
    private final PoolCensus census;
    private final ShardedPlacement placement;

    /**
     * A blob of which some device has a part.
     *
     * @param reachableParts how many different shards devices that are up have, or 1 for a copy
     */
    record Blob(int group, boolean whole, int reachableParts) {}

    ShardCensus(PoolCensus census, ShardedPlacement placement) {
        this.census = census;
        this.placement = placement;
    }

    /**
     * @param partGroups by the sharded placement
     */
    void forEach(BitSet partGroups, Consumer<Blob> visitor) {
        // Bit 0 for a whole copy, bit s + 1 for shard s; the high half for those that are up.
        Map<BlobId, Long> found = new HashMap<>();
        for (int part = 0; part < PoolCensus.partCount(); part++) {
            for (PoolCensus.Holding each : census.part(part, placement, partGroups)) {
                long bit = 1L << (each.blobId().shardNumber() + 1);
                long bits = each.reachable() ? bit | (bit << Integer.SIZE) : bit;
                found.merge(each.blobId().blob(), bits, (a, b) -> a | b);
            }
        }
        found.forEach(
                (blobId, bits) -> {
                    int group = placement.blobs().groupOf(blobId.high(), blobId.low());
                    visitor.accept(
                            new Blob(group, (bits & 1) != 0, Long.bitCount(bits >>> Integer.SIZE)));
                });
    }
}
