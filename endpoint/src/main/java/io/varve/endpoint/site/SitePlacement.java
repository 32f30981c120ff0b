package io.varve.endpoint.site;

import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.PoolPlacement;
import io.varve.journal.record.PoolScheme;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushMapException;
import io.varve.placement.CrushRule;
import io.varve.placement.CrushText;
import io.varve.placement.PlacementGroups;
import io.varve.placement.PlacementMap;
import io.varve.placement.ReplicaSet;
import io.varve.placement.Reweights;
import io.varve.projections.topology.Device;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Where the blobs of each pool belong: at home by the site's map, without the devices that are out;
 * new ones meanwhile on others in place of devices that are down, so that writes find their full
 * number of copies. Safe for use by many threads.
 */
final class SitePlacement implements DeviceListener {
    /**
     * How many placement groups a pool has, for ever: some hundred for each of nine devices, and
     * still several for each of a hundred.
     */
    static final int PLACEMENT_GROUPS = 1024;

    private static final int NO_DEVICE = -1;

    private final Map<Integer, Consumer<PoolPlacement>> followers = new HashMap<>();
    private final Map<Integer, Placement> byPool = new ConcurrentHashMap<>();
    private final Set<Integer> down = new TreeSet<>();
    private Topology topology = Topology.NONE;
    private @Nullable CrushMap map;
    private volatile long epoch;

    /** The sets of one moment. */
    private record Placement(PlacementMap homes, PlacementMap targets, boolean places)
            implements PoolPlacement {
        @Override
        public long epoch() {
            return targets.mapEpoch();
        }

        @Override
        public int groupCount() {
            return homes.groups().count();
        }

        @Override
        public int groupOf(long blobIdHigh, long blobIdLow) {
            return homes.groups().groupOf(blobIdHigh, blobIdLow);
        }

        @Override
        public int[] home(int group) {
            return devices(homes.ofGroup(group));
        }

        @Override
        public int[] target(int group) {
            return devices(targets.ofGroup(group));
        }

        /** Of fragments the place counts, so that holes stay; copies have no order to keep. */
        private int[] devices(ReplicaSet set) {
            if (!places) {
                return set.present();
            }
            int[] devices = new int[set.size()];
            for (int place = 0; place < devices.length; place++) {
                int device = set.device(place);
                devices[place] = device == CrushMap.NONE ? NO_DEVICE : device;
            }
            return devices;
        }
    }

    /**
     * Follows the topology.
     *
     * @throws CrushMapException when the map cannot be read or lacks a pool's rule; then all stays
     *     as it was
     */
    synchronized void update(Topology next) {
        CrushMap nextMap = map;
        if (nextMap == null || next.mapEpoch() != topology.mapEpoch()) {
            nextMap = CrushText.parse(next.map());
        }
        for (Pool pool : next.pools().values()) {
            ruleOf(nextMap, pool);
        }
        topology = next;
        map = nextMap;
        place();
    }

    static CrushRule ruleOf(CrushMap map, Pool pool) {
        String name = pool.put().rule();
        return map.rule(name)
                .orElseThrow(
                        () ->
                                new CrushMapException(
                                        "pool " + pool.name(),
                                        "the placement map has no rule " + name));
    }

    private void place() {
        CrushMap placed = map;
        if (placed == null) {
            return;
        }
        long next = epoch + 1;
        Reweights home = shares(topology);
        Reweights target = home;
        for (int id : down) {
            target = target.with(id, 0);
        }
        for (Pool pool : topology.pools().values()) {
            PlacementMap homes = placement(next, placed, pool, home);
            PlacementMap targets =
                    target.equals(home) ? homes : placement(next, placed, pool, target);
            Placement placement =
                    new Placement(homes, targets, pool.scheme() instanceof PoolScheme.Fragments);
            Consumer<PoolPlacement> follower = followers.get(pool.id());
            if (follower != null) {
                follower.accept(placement);
            }
            byPool.put(pool.id(), placement);
        }
        epoch = next;
    }

    /** The home sets of a pool, by a map that may be another than the topology's. */
    static PlacementMap homes(Topology topology, CrushMap map, Pool pool) {
        return placement(topology.epoch(), map, pool, shares(topology));
    }

    private static PlacementMap placement(
            long epoch, CrushMap map, Pool pool, Reweights reweights) {
        return new PlacementMap(
                epoch,
                map,
                ruleOf(map, pool).id(),
                pool.scheme().width(),
                reweights,
                new PlacementGroups(PLACEMENT_GROUPS, pool.id()));
    }

    /** What the map's devices keep, by their states. */
    private static Reweights shares(Topology topology) {
        Reweights shares = Reweights.NONE;
        for (Device device : topology.devices().values()) {
            double share = device.in() ? device.state().share() / (double) 0x10000 : 0;
            if (share < 1) {
                shares = shares.with(device.id(), share);
            }
        }
        return shares;
    }

    /**
     * @throws IllegalArgumentException when there is no such pool
     */
    PoolPlacement of(int poolId) {
        Placement placement = byPool.get(poolId);
        if (placement == null) {
            throw new IllegalArgumentException("no pool " + poolId);
        }
        return placement;
    }

    /** Tells each new placement of a pool from now on, before anything else learns of it. */
    synchronized void follow(int poolId, Consumer<PoolPlacement> told) {
        followers.put(poolId, told);
        told.accept(of(poolId));
    }

    /** Of a pool that is no more. */
    synchronized void forget(int poolId) {
        followers.remove(poolId);
        byPool.remove(poolId);
    }

    /** Grows with each change of what is returned. */
    long epoch() {
        return epoch;
    }

    @Override
    public void on(DeviceEvent event) {
        switch (event) {
            case DeviceEvent.Failed failed -> set(failed.deviceId(), true);
            case DeviceEvent.Unavailable unavailable -> set(unavailable.deviceId(), true);
            case DeviceEvent.Opened opened -> set(opened.deviceId(), false);
            default -> {
                // The other events leave the device as usable as it was.
            }
        }
    }

    /** The map that is followed; of what the last update took. */
    synchronized CrushMap map() {
        CrushMap placed = map;
        if (placed == null) {
            throw new IllegalStateException("no placement map yet");
        }
        return placed;
    }

    void observe(List<DeviceStats> devices) {
        devices.forEach(device -> set(device.deviceId(), device.state() != DeviceState.UP));
    }

    synchronized void set(int deviceId, boolean isDown) {
        boolean changed = isDown ? down.add(deviceId) : down.remove(deviceId);
        if (changed) {
            place();
        }
    }
}
