package io.varve.endpoint.site;

import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.PoolPlacement;
import io.varve.placement.CrushMap;
import io.varve.placement.PlacementGroups;
import io.varve.placement.PlacementMap;
import io.varve.placement.Reweights;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Where blobs belong: at home by the site's map; new ones meanwhile on others in place of devices
 * that are down, so that writes find their full number of copies. Safe for use by many threads.
 */
final class SitePlacement implements DeviceListener {
    private final CrushMap map;
    private final int ruleId;
    private final int copies;
    private final PlacementGroups groups;
    private final Set<Integer> down = new TreeSet<>();
    private Consumer<PoolPlacement> follower = placement -> {};
    private volatile Placement current;

    /** The sets of one moment. */
    private record Placement(PlacementMap homes, PlacementMap targets) implements PoolPlacement {
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
            return homes.ofGroup(group).present();
        }

        @Override
        public int[] target(int group) {
            return targets.ofGroup(group).present();
        }
    }

    SitePlacement(CrushMap map, int ruleId, int copies, PlacementGroups groups) {
        this.map = map;
        this.ruleId = ruleId;
        this.copies = copies;
        this.groups = groups;
        PlacementMap first = new PlacementMap(1, map, ruleId, copies, Reweights.NONE, groups);
        this.current = new Placement(first, first);
    }

    PoolPlacement current() {
        return current;
    }

    /** Tells each new placement from now on, before anything else learns of it. */
    synchronized void follow(Consumer<PoolPlacement> told) {
        follower = told;
        told.accept(current);
    }

    /** Grows with each change of what is returned. */
    long epoch() {
        return current.epoch();
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

    CrushMap map() {
        return map;
    }

    void observe(List<DeviceStats> devices) {
        devices.forEach(device -> set(device.deviceId(), device.state() != DeviceState.UP));
    }

    private synchronized void set(int deviceId, boolean isDown) {
        boolean changed = isDown ? down.add(deviceId) : down.remove(deviceId);
        if (!changed) {
            return;
        }
        Reweights reweights = Reweights.NONE;
        for (int id : down) {
            reweights = reweights.with(id, 0);
        }
        PlacementMap homes = current.homes();
        PlacementMap targets =
                new PlacementMap(current.epoch() + 1, map, ruleId, copies, reweights, groups);
        Placement next = new Placement(homes, targets);
        follower.accept(next);
        current = next;
    }
}
