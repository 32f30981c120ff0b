package io.varve.projections.topology;

import io.varve.journal.record.TopologyChange.Membership;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The whole topology at one moment. Immutable.
 *
 * @param epoch grows with each change of anything in it; 0 when nothing was ever put
 * @param mapEpoch the epoch at which the placement map became what it is; 0 when there is none
 * @param map in the text form of Ceph; empty when there is none
 * @param devices by id
 * @param pools by id
 * @param removedPools numbers of pools that are no more
 */
public record Topology(
        long epoch,
        long mapEpoch,
        String map,
        SortedMap<Integer, Device> devices,
        SortedMap<Integer, Pool> pools,
        SortedSet<Integer> removedPools) {
    public static final Topology NONE =
            new Topology(0, 0, "", new TreeMap<>(), new TreeMap<>(), new TreeSet<>());

    public Topology {
        devices = copy(devices);
        pools = copy(pools);
        removedPools = Collections.unmodifiableSortedSet(new TreeSet<>(removedPools));
    }

    private static <T> NavigableMap<Integer, T> copy(SortedMap<Integer, T> map) {
        return Collections.unmodifiableNavigableMap(new TreeMap<>(map));
    }

    public Optional<Device> device(int id) {
        return Optional.ofNullable(devices.get(id));
    }

    public Optional<Pool> pool(int id) {
        return Optional.ofNullable(pools.get(id));
    }

    public Optional<Pool> poolNamed(String name) {
        return pools.values().stream().filter(pool -> pool.name().equals(name)).findFirst();
    }

    /** The pool that clients mean by a name: its own, or one of its others. */
    public Optional<Pool> poolCalled(String name) {
        return pools.values().stream().filter(pool -> pool.called(name)).findFirst();
    }

    /** A number that no pool has or had. */
    public int freePoolId() {
        int last = pools.isEmpty() ? -1 : pools.lastKey();
        return Math.max(last, removedPools.isEmpty() ? -1 : removedPools.last()) + 1;
    }

    /** How many devices are of that membership. */
    public long count(Membership membership) {
        return all().stream().filter(d -> d.state().membership() == membership).count();
    }

    private Collection<Device> all() {
        return devices.values();
    }
}
