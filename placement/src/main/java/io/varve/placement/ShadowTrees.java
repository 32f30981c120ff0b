package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Per device class a copy of each tree that holds the devices of that class only: what a rule's
 * {@code take X class C} starts from. The copies' ids are inputs of the hash, so they are part of
 * the map: given ids are kept, missing ones get the free id nearest to zero, in Ceph's order: roots
 * by rising id, classes by first mention, children before parents.
 *
 * <p>As in Ceph a uniform domain cannot lose items of non-zero weight: copying ends at the first
 * such domain, and whatever would come after it has no copy. Single-use.
 */
final class ShadowTrees {
    /** The copies, and why copying ended early; empty when it did not. */
    record Result(
            List<FailureDomain> copies,
            Map<Integer, Map<String, Integer>> idsByDomain,
            String obstacle) {
        /** The id of a domain's copy for each device class. */
        Map<String, Integer> ids(int domainId) {
            return idsByDomain.getOrDefault(domainId, Map.of());
        }
    }

    private record Key(int domainId, String deviceClass) {}

    private final NavigableMap<Integer, FailureDomain> domains;
    private final Map<Integer, CrushDevice> devices;
    private final Set<Integer> usedIds = new HashSet<>();
    private final Map<Key, FailureDomain> copies = new LinkedHashMap<>();
    private int nextFreeId = -1;
    private String obstacle = "";

    ShadowTrees(NavigableMap<Integer, FailureDomain> domains, Map<Integer, CrushDevice> devices) {
        this.domains = domains;
        this.devices = devices;
        for (FailureDomain domain : domains.values()) {
            usedIds.add(domain.id());
            usedIds.addAll(domain.shadowIds().values());
        }
    }

    /**
     * @param classes in the order of their first mention
     */
    Result build(List<String> classes) {
        for (FailureDomain root : roots()) {
            for (String deviceClass : classes) {
                if (copy(root, deviceClass) == null) {
                    return result();
                }
            }
        }
        return result();
    }

    private Result result() {
        Map<Integer, Map<String, Integer>> ids = new HashMap<>();
        copies.forEach(
                (key, copy) ->
                        ids.computeIfAbsent(key.domainId(), id -> new LinkedHashMap<>())
                                .put(key.deviceClass(), copy.id()));
        return new Result(List.copyOf(copies.values()), ids, obstacle);
    }

    private List<FailureDomain> roots() {
        Set<Integer> children =
                domains.values().stream()
                        .flatMap(domain -> domain.items().stream())
                        .map(FailureDomain.Item::id)
                        .collect(Collectors.toSet());
        return domains.values().stream()
                .filter(domain -> !children.contains(domain.id()))
                .sorted(Comparator.comparingInt(FailureDomain::id))
                .toList();
    }

    /** Returns null when an obstacle was met. */
    private @Nullable FailureDomain copy(FailureDomain original, String deviceClass) {
        Key key = new Key(original.id(), deviceClass);
        FailureDomain known = copies.get(key);
        if (known != null) {
            return known;
        }
        List<FailureDomain.Item> kept = new ArrayList<>();
        for (FailureDomain.Item item : original.items()) {
            FailureDomain.Item copied = item;
            if (item.id() < 0) {
                FailureDomain child = copy(domain(item.id()), deviceClass);
                if (child == null) {
                    return null;
                }
                copied = new FailureDomain.Item(child.id(), child.weight());
            } else if (!isOfClass(item.id(), deviceClass)) {
                continue;
            }
            if (original.kind() == SelectionKind.UNIFORM && copied.weight().fixed() != 0) {
                obstacle = "uniform " + original.name() + " cannot be split by device class";
                return null;
            }
            kept.add(copied);
        }
        FailureDomain copy = copyOf(original, deviceClass, kept);
        copies.put(key, copy);
        return copy;
    }

    private FailureDomain copyOf(
            FailureDomain original, String deviceClass, List<FailureDomain.Item> kept) {
        FailureDomain copy =
                new FailureDomain(
                        idFor(original, deviceClass),
                        original.name() + "~" + deviceClass,
                        original.typeId(),
                        original.kind(),
                        kept,
                        Map.of());
        if (!copy.hasWeight()) {
            throw new CrushMapException(
                    "domain " + original.name(),
                    "weights of class " + deviceClass + " add up to 65536 or more");
        }
        return copy;
    }

    private boolean isOfClass(int deviceId, String deviceClass) {
        CrushDevice device = devices.get(deviceId);
        return device != null && deviceClass.equals(device.deviceClass());
    }

    private FailureDomain domain(int id) {
        FailureDomain domain = domains.get(id);
        if (domain == null) {
            throw new IllegalStateException("no domain has id " + id);
        }
        return domain;
    }

    private int idFor(FailureDomain original, String deviceClass) {
        Integer given = original.shadowIds().get(deviceClass);
        if (given != null) {
            return given;
        }
        while (usedIds.contains(nextFreeId)) {
            nextFreeId--;
        }
        usedIds.add(nextFreeId);
        return nextFreeId;
    }
}
