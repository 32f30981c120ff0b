package io.varve.endpoint.site;

import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.PlacementFunction;
import io.varve.placement.CrushMap;
import io.varve.placement.PlacementGroups;
import io.varve.placement.PlacementMap;
import io.varve.placement.Reweights;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where blobs belong: the site's map, without the devices that are down. A device that is down is
 * taken out at once, so that writes find their full number of copies on the others; what it held is
 * still found, since reads ask all devices. Safe for use by many threads.
 */
final class SitePlacement implements PlacementFunction, DeviceListener {
    private final CrushMap map;
    private final int ruleId;
    private final int copies;
    private final PlacementGroups groups;
    private final Set<Integer> down = new TreeSet<>();
    private volatile PlacementMap current;

    SitePlacement(CrushMap map, int ruleId, int copies, PlacementGroups groups) {
        this.map = map;
        this.ruleId = ruleId;
        this.copies = copies;
        this.groups = groups;
        this.current = new PlacementMap(1, map, ruleId, copies, Reweights.NONE, groups);
    }

    @Override
    public int[] replicaSet(long blobIdHigh, long blobIdLow) {
        return current.of(blobIdHigh, blobIdLow).present();
    }

    /** Grows with each change of what is returned. */
    long epoch() {
        return current.mapEpoch();
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
        current = new PlacementMap(current.mapEpoch() + 1, map, ruleId, copies, reweights, groups);
    }
}
