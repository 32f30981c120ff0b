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

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The site's pools, open on its devices and kept as the topology says. Safe for use by many
 * threads.
 */
final class SitePools implements AutoCloseable {
    private final DeviceSet devices;
    private final SitePlacement placement;
    private final long repairBytesPerSecond;
    private final UpkeepSettings upkeep;
    private final Map<Integer, TendedPool> open = new ConcurrentSkipListMap<>();

    /** As what the open ones were told to keep their blobs. */
    private final Map<Integer, Redundancy> kept = new HashMap<>();

    private volatile Set<Integer> removed = Set.of();

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

    /**
     * Before a placement with fewer devices for a blob is followed: no group of it counts as
     * undersized meanwhile.
     */
    synchronized void wantLess(Topology next) {
        for (Pool pool : next.pools().values()) {
            TendedPool opened = open.get(pool.id());
            Redundancy before = kept.get(pool.id());
            Redundancy after = redundancy(pool);
            if (opened != null && before != null && after.width() < before.width()) {
                keep(opened, pool);
            }
        }
    }

    /**
     * Opens the pools that are not open yet, has those that are be kept as they are to be now, and
     * lets go of those that are no more; the placement has to be of that topology.
     */
    synchronized void keep(Topology topology) {
        for (int id : List.copyOf(open.keySet())) {
            if (topology.pool(id).isEmpty()) {
                letGo(id);
            }
        }
        removed = topology.removedPools();
        for (Pool pool : topology.pools().values()) {
            TendedPool opened = open.get(pool.id());
            if (opened == null) {
                opened = open(pool);
                placement.follow(pool.id(), opened::place);
                open.put(pool.id(), opened);
            }
            keep(opened, pool);
        }
    }

    private void letGo(int poolId) {
        TendedPool gone = open.remove(poolId);
        kept.remove(poolId);
        placement.forget(poolId);
        if (gone != null) {
            gone.close();
        }
    }

    private void keep(TendedPool opened, Pool pool) {
        Redundancy redundancy = redundancy(pool);
        opened.keep(redundancy, copiedBytesMax(pool));
        kept.put(pool.id(), redundancy);
    }

    /** Up to which length a pool keeps blobs as whole copies beside shards. */
    static int copiedBytesMax(Pool pool) {
        Integer set = pool.put().options().copiedBytesMax();
        return set == null ? ErasureConfig.DEFAULT_MAX_COPIED_BYTES : set;
    }

    private static Redundancy redundancy(Pool pool) {
        int min = pool.put().minCopies();
        return switch (pool.scheme()) {
            case PoolScheme.Copies(int count) -> new Redundancy.Copies(count, min);
            case PoolScheme.Fragments(int data, int parity) ->
                    new Redundancy.Erasure(data, parity, min);
        };
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

    /** Numbers of pools that are no more. */
    Set<Integer> removed() {
        return removed;
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
