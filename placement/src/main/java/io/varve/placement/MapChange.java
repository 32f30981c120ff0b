package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A change to a map whose cost in moved data one may want to know. */
public sealed interface MapChange {
    /** Removes a device, or a failure domain with all below it. */
    record Remove(String name) implements MapChange {}

    /** Adds one device, with the next free number, to a failure domain. */
    record AddDevice(String domain, Weight weight, @Nullable String deviceClass)
            implements MapChange {}

    /**
     * Adds a failure domain beside another, with devices of the same classes and weights.
     *
     * @param name of the domain to imitate: one that holds devices
     */
    record AddLike(String name) implements MapChange {}

    /**
     * Returns the map after the change.
     *
     * @throws CrushMapException when the change does not fit the map
     */
    default CrushMap applyTo(CrushMap map) {
        CrushMapEdit edit = new CrushMapEdit(map);
        switch (this) {
            case Remove remove -> edit.remove(remove.name());
            case AddDevice add -> addDevice(edit, add.domain(), add.weight(), add.deviceClass());
            case AddLike like -> addLike(edit, map, domain(map, like.name()));
        }
        return edit.apply();
    }

    /** A few words for a report. */
    default String description() {
        return switch (this) {
            case Remove remove -> "remove " + remove.name();
            case AddDevice add ->
                    "add a device of weight %s%s to %s"
                            .formatted(
                                    add.weight(),
                                    add.deviceClass() == null ? "" : " class " + add.deviceClass(),
                                    add.domain());
            case AddLike like -> "add a domain like " + like.name();
        };
    }

    /**
     * The usual four, for the device that gets most and the domain it stands in: remove each, add
     * another of each. Empty when the rule reaches no device.
     */
    static List<MapChange> typical(CrushMap map, int ruleId, int replicas, Reweights reweights) {
        Optional<Integer> largest =
                ExpectedShares.of(map, ruleId, replicas, reweights).entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey);
        if (largest.isEmpty()) {
            return List.of();
        }
        CrushDevice device = map.device(largest.get()).orElseThrow();
        List<MapChange> changes = new ArrayList<>();
        changes.add(new Remove(device.name()));
        map.domains().stream()
                .filter(domain -> holds(domain, device.id()))
                .min(Comparator.comparingInt(FailureDomain::typeId))
                .ifPresent(domain -> addDomainChanges(changes, domain, device));
        return changes;
    }

    private static void addDomainChanges(
            List<MapChange> changes, FailureDomain domain, CrushDevice device) {
        Weight weight =
                domain.items().stream()
                        .filter(item -> item.id() == device.id())
                        .map(FailureDomain.Item::weight)
                        .findFirst()
                        .orElseThrow();
        changes.add(new Remove(domain.name()));
        changes.add(new AddDevice(domain.name(), weight, device.deviceClass()));
        changes.add(new AddLike(domain.name()));
    }

    private static boolean holds(FailureDomain domain, int itemId) {
        return domain.items().stream().anyMatch(item -> item.id() == itemId);
    }

    private static void addLike(CrushMapEdit edit, CrushMap map, FailureDomain model) {
        FailureDomain parent =
                map.domains().stream()
                        .filter(domain -> holds(domain, model.id()))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new CrushMapException(
                                                "domain " + model.name(), "stands in no other"));
        String name = freeName(edit, model.name());
        edit.addDomain(name, model.typeId(), parent.name());
        for (FailureDomain.Item item : model.items()) {
            CrushDevice device =
                    map.device(item.id())
                            .orElseThrow(
                                    () ->
                                            new CrushMapException(
                                                    "domain " + model.name(),
                                                    "holds more than devices"));
            addDevice(edit, name, item.weight(), device.deviceClass());
        }
    }

    private static void addDevice(
            CrushMapEdit edit, String domain, Weight weight, @Nullable String deviceClass) {
        int id = edit.freeDeviceId();
        CrushDevice device = new CrushDevice(id, freeName(edit, "osd." + id), deviceClass);
        edit.addDevice(device, weight, domain);
    }

    private static String freeName(CrushMapEdit edit, String model) {
        String name = model;
        for (int i = 2; edit.has(name); i++) {
            name = model + "-" + i;
        }
        return name;
    }

    private static FailureDomain domain(CrushMap map, String name) {
        return map.domain(name)
                .orElseThrow(() -> new CrushMapException("domain " + name, "is not defined"));
    }
}
