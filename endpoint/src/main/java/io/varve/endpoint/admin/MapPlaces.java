package io.varve.endpoint.admin;

import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.placement.CrushDevice;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushMapEdit;
import io.varve.placement.CrushMapException;
import io.varve.placement.FailureDomain;
import io.varve.placement.ItemType;
import io.varve.placement.Weight;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where devices stand in a placement map, and maps with one changed. Stateless. */
final class MapPlaces {
    private static final String HOST = "host";
    private static final String RACK = "rack";
    private static final String SITE = "datacenter";

    private MapPlaces() {}

    /** The weight that the map gives a device; empty when it has it not. */
    static Optional<Weight> weight(CrushMap map, int deviceId) {
        for (FailureDomain domain : map.domains()) {
            for (FailureDomain.Item item : domain.items()) {
                if (item.id() == deviceId) {
                    return Optional.of(item.weight());
                }
            }
        }
        return Optional.empty();
    }

    /**
     * With one device more, in its host, which is made where there is none: in the rack and site
     * that the device names, or at the root.
     *
     * @throws CrushMapException when it has no place there
     */
    static CrushMap with(CrushMap map, PutDevice device) {
        CrushMapEdit edit = new CrushMapEdit(map);
        if (!edit.has(device.host())) {
            edit.addDomain(device.host(), type(map, HOST), aboveHost(map, edit, device));
        }
        CrushDevice item =
                new CrushDevice(device.id(), name(map, device.id()), device.deviceClass());
        return edit.addDevice(item, new Weight(device.weight()), device.host()).apply();
    }

    private static String aboveHost(CrushMap map, CrushMapEdit edit, PutDevice device) {
        String parent = root(map).name();
        if (!device.site().isEmpty()) {
            if (!edit.has(device.site())) {
                edit.addDomain(device.site(), type(map, SITE), parent);
            }
            parent = device.site();
        }
        if (!device.rack().isEmpty()) {
            if (!edit.has(device.rack())) {
                edit.addDomain(device.rack(), type(map, RACK), parent);
            }
            parent = device.rack();
        }
        return parent;
    }

    static int type(CrushMap map, String name) {
        for (ItemType type : map.types()) {
            if (type.name().equals(name)) {
                return type.id();
            }
        }
        throw new CrushMapException("placement map", "has no type " + name);
    }

    /** The domain that stands in no other; of several the one named default. */
    static FailureDomain root(CrushMap map) {
        Set<Integer> below = new HashSet<>();
        for (FailureDomain domain : map.domains()) {
            domain.items().forEach(item -> below.add(item.id()));
        }
        List<FailureDomain> roots =
                map.domains().stream().filter(domain -> !below.contains(domain.id())).toList();
        return roots.stream()
                .filter(domain -> roots.size() == 1 || domain.name().equals("default"))
                .findFirst()
                .orElseThrow(
                        () ->
                                new CrushMapException(
                                        "placement map",
                                        "has several roots, none of them named default"));
    }

    /** As the map's other devices are named: by Ceph, or by us. */
    private static String name(CrushMap map, int id) {
        boolean ceph = map.devices().stream().anyMatch(d -> d.name().startsWith("osd."));
        return (ceph ? "osd." : "device.") + id;
    }

    static CrushMap without(CrushMap map, int deviceId) {
        Optional<CrushDevice> device = map.device(deviceId);
        return device.isEmpty() ? map : new CrushMapEdit(map).remove(device.get().name()).apply();
    }

    static CrushMap withWeight(CrushMap map, int deviceId, Weight weight) {
        CrushDevice device =
                map.device(deviceId)
                        .orElseThrow(
                                () ->
                                        new CrushMapException(
                                                "device " + deviceId,
                                                "is not in the placement map"));
        return new CrushMapEdit(map).setWeight(device.name(), weight).apply();
    }
}
