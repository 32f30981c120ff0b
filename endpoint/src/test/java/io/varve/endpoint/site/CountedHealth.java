package io.varve.endpoint.site;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.PoolHealth;
import io.varve.devices.PoolPlacement;
import io.varve.devices.pool.DeviceSet;
import io.varve.journal.record.PoolScheme;
import io.varve.projections.topology.Pool;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The figures of a pool's health, by looking at every copy and shard on every device. */
record CountedHealth(
        long epoch,
        int undersized,
        long blobs,
        long copies,
        long bytes,
        long degraded,
        long misplaced,
        long unreachable) {

    static CountedHealth told(PoolHealth health) {
        return new CountedHealth(
                health.epoch(),
                health.undersizedGroups(),
                health.blobs(),
                health.copies(),
                health.bytes(),
                health.degradedCopies(),
                health.misplacedCopies(),
                health.unreachableBlobs());
    }

    static CountedHealth of(DeviceSet devices, Pool pool, PoolPlacement placement) {
        Map<BlobId, Set<Integer>> holders = new HashMap<>();
        Map<BlobId, Set<Integer>> shards = new HashMap<>();
        long[] sums = new long[2];
        for (DeviceStats device : devices.stats()) {
            if (device.state() == DeviceState.MISSING) {
                continue;
            }
            boolean up = device.state() == DeviceState.UP;
            devices.list(
                    device.deviceId(),
                    (key, lengthBytes) -> {
                        if (key.poolId() != pool.id()) {
                            return;
                        }
                        shards.computeIfAbsent(key.blob(), id -> new HashSet<>())
                                .add(key.shardNumber());
                        if (up) {
                            holders.computeIfAbsent(key, id -> new HashSet<>())
                                    .add(device.deviceId());
                            sums[0]++;
                            sums[1] += lengthBytes;
                        }
                    });
        }
        long degraded = 0;
        long atHome = 0;
        long unreachable = 0;
        for (Map.Entry<BlobId, Set<Integer>> blob : shards.entrySet()) {
            BlobId id = blob.getKey();
            int[] home = placement.home(placement.groupOf(id.high(), id.low()));
            boolean whole = blob.getValue().contains(-1);
            int wanted =
                    switch (pool.scheme()) {
                        case PoolScheme.Copies(int count) -> count;
                        case PoolScheme.Fragments(int data, int parity) ->
                                whole ? parity + 1 : data + parity;
                    };
            int enough =
                    switch (pool.scheme()) {
                        case PoolScheme.Copies _ -> 1;
                        case PoolScheme.Fragments(int data, int _) -> whole ? 1 : data;
                    };
            long reachable =
                    blob.getValue().stream()
                            .map(shard -> shard < 0 ? id : id.shard(shard))
                            .filter(holders::containsKey)
                            .count();
            unreachable += reachable < enough ? 1 : 0;
            for (int place = 0; place < wanted; place++) {
                BlobId key = whole ? id : id.shard(place);
                boolean there = holders.getOrDefault(key, Set.of()).contains(home[place]);
                degraded += there ? 0 : 1;
                atHome += there ? 1 : 0;
            }
        }
        return new CountedHealth(
                placement.epoch(),
                undersized(pool, placement),
                shards.size(),
                sums[0],
                sums[1],
                degraded,
                sums[0] - atHome,
                unreachable);
    }

    private static int undersized(Pool pool, PoolPlacement placement) {
        int groups = 0;
        for (int group = 0; group < placement.groupCount(); group++) {
            long named = IntStream.of(placement.home(group)).filter(id -> id >= 0).count();
            groups += named < pool.scheme().width() ? 1 : 0;
        }
        return groups;
    }
}
