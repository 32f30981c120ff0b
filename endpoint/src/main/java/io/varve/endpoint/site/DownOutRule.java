package io.varve.endpoint.site;

import io.varve.journal.record.TopologyChange.Membership;
import io.varve.projections.topology.Device;
import io.varve.projections.topology.Topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which devices that are down are to be taken out, so that what they held is copied elsewhere.
 *
 * <ul>
 *   <li>Not before the interval has passed since the device went down, and since this process
 *       started: what happened while nobody looked does not count.
 *   <li>While all devices of a host are down, the interval counts from the last of them: a host
 *       that restarts slowly is not copied away piece by piece.
 *   <li>Never so many that less than half of the devices would be left in: then something else is
 *       wrong, and copying would only fill what is left.
 * </ul>
 *
 * Stateless.
 *
 * @param startedMicros when this process started to look
 */
record DownOutRule(Duration interval, long startedMicros) {

    /** Devices whose time has come, by id. */
    List<Integer> due(Topology topology, long nowMicros) {
        Collection<Device> devices = topology.devices().values();
        long intervalMicros = TimeUnit.NANOSECONDS.toMicros(interval.toNanos());
        Set<String> hostsUp = new HashSet<>();
        for (Device device : devices) {
            if (device.up()) {
                hostsUp.add(device.put().host());
            }
        }
        long spare = topology.count(Membership.IN) - (devices.size() + 1) / 2;
        List<Integer> due = new ArrayList<>();
        for (Device device : devices) {
            if (due.size() < spare
                    && isCandidate(device)
                    && nowMicros - since(device, devices, hostsUp) >= intervalMicros) {
                due.add(device.id());
            }
        }
        return due;
    }

    private static boolean isCandidate(Device device) {
        return device.in() && !device.up();
    }

    private long since(Device device, Collection<Device> devices, Set<String> hostsUp) {
        long since = Math.max(startedMicros, device.state().reachMicros());
        String host = device.put().host();
        if (hostsUp.contains(host)) {
            return since;
        }
        for (Device other : devices) {
            if (other.put().host().equals(host)) {
                since = Math.max(since, other.state().reachMicros());
            }
        }
        return since;
    }
}
