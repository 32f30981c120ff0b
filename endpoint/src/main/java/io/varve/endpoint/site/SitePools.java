package io.varve.endpoint.site;

import io.varve.devices.ErasureConfig;
import io.varve.devices.PoolConfig;
import io.varve.devices.Redundancy;
import io.varve.devices.TendedPool;
import io.varve.devices.pool.DeviceSet;
import io.varve.devices.pool.ErasurePool;
import io.varve.devices.pool.ReplicatedPool;
import io.varve.journal.record.PoolScheme;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The site's pools, opened on its devices as the topology says. A pool is opened once and stays;
 * its copies and its smallest number of copies are those of the moment at which it was opened. Safe
 * for use by many threads.
 */
final class SitePools implements AutoCloseable {
    private final DeviceSet devices;
    private final SitePlacement placement;
    private final long repairBytesPerSecond;
    private final UpkeepSettings upkeep;
    private final Map<Integer, TendedPool> open = new ConcurrentSkipListMap<>();

    SitePools(
            DeviceSet devices,
            SitePlacement placement,
            long repairBytesPerSecond,
            UpkeepSettings upkeep) {
        this.upkeep = upkeep;
        this.devices = devices;
        this.placement = placement;
        this.repairBytesPerSecond = repairBytesPerSecond;
    }

    /** Opens the pools that are not open yet; the placement has to know them. */
    synchronized void keep(Topology topology) {
        for (Pool pool : topology.pools().values()) {
            if (!open.containsKey(pool.id())) {
                TendedPool opened = open(pool);
                placement.follow(pool.id(), opened::place);
                open.put(pool.id(), opened);
            }
        }
    }

    private TendedPool open(Pool pool) {
        int min = pool.put().minCopies();
        return switch (pool.scheme()) {
            case PoolScheme.Copies(int count) ->
                    ReplicatedPool.open(
                            PoolConfig.DEFAULT
                                    .withPoolId(pool.id())
                                    .withCopies(count, min)
                                    .withRepairBytesPerSecond(repairBytesPerSecond)
                                    .withBackfill(upkeep.backfill())
                                    .withScrub(upkeep.scrub()),
                            devices,
                            placement.of(pool.id()));
            case PoolScheme.Fragments(int data, int parity) ->
                    ErasurePool.open(
                            ErasureConfig.of(pool.id(), new Redundancy.Erasure(data, parity, min))
                                    .withRepairBytesPerSecond(repairBytesPerSecond)
                                    .withBackfill(upkeep.backfill())
                                    .withScrub(upkeep.scrub()),
                            devices,
                            placement.of(pool.id()));
        };
    }

    /** Null when the site has no such pool. */
    @Nullable TendedPool find(int poolId) {
        return open.get(poolId);
    }

    /** The pool of objects that ask for none. */
    TendedPool standard() {
        TendedPool pool = open.get(Pool.DEFAULT_ID);
        if (pool == null) {
            throw new SiteException("the site has no default pool");
        }
        return pool;
    }

    /** By id. */
    List<TendedPool> all() {
        return List.copyOf(open.values());
    }

    @Override
    public void close() {
        all().forEach(TendedPool::close);
    }
}
