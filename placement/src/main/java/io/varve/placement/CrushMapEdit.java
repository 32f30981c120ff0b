package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Changes to a map as an operator thinks of them. Ids that exist stay, so that only what must move
 * moves; a change of weight is carried up to the roots. Single-threaded.
 *
 * <p>Uniform domains keep the one weight of their items whatever happens below. Weight sets of
 * domains that gain or lose items are dropped: they were computed for the old items.
 */
public final class CrushMapEdit {
    private final CrushMap original;
    private final TreeMap<Integer, CrushDevice> devices = new TreeMap<>();
    private final Map<Integer, FailureDomain> domains = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Set<Integer> usedIds = new HashSet<>();
    private final Set<Integer> changedIds = new HashSet<>();

    public CrushMapEdit(CrushMap map) {
        original = map;
        for (CrushDevice device : map.devices()) {
            devices.put(device.id(), device);
            ids.put(device.name(), device.id());
        }
        for (FailureDomain domain : map.domains()) {
            domains.put(domain.id(), domain);
            ids.put(domain.name(), domain.id());
            usedIds.add(domain.id());
            usedIds.addAll(domain.shadowIds().values());
        }
    }

    /** Whether a device or failure domain has this name. */
    public boolean has(String name) {
        return ids.containsKey(name);
    }

    /** The smallest device id that is free. */
    public int freeDeviceId() {
        int id = 0;
        while (devices.containsKey(id)) {
            id++;
        }
        return id;
    }

    /**
     * Adds a device to a domain.
     *
     * @throws CrushMapException when its name or number is taken or there is no such domain
     */
    public CrushMapEdit addDevice(CrushDevice device, Weight weight, String domainName) {
        String subject = "device " + device.name();
        FailureDomain parent = domain(domainName);
        if (devices.containsKey(device.id())) {
            throw new CrushMapException(subject, "number " + device.id() + " is taken");
        }
        reserveName(subject, device.name(), device.id());
        devices.put(device.id(), device);
        append(parent, new FailureDomain.Item(device.id(), weight));
        return this;
    }

    /**
     * Adds an empty straw2 domain.
     *
     * @param parentName the domain that it stands in, or null for a root
     */
    public CrushMapEdit addDomain(String name, int typeId, @Nullable String parentName) {
        String subject = "domain " + name;
        FailureDomain parent = parentName == null ? null : domain(parentName);
        int id = -1;
        while (usedIds.contains(id)) {
            id--;
        }
        reserveName(subject, name, id);
        usedIds.add(id);
        domains.put(
                id, new FailureDomain(id, name, typeId, SelectionKind.STRAW2, List.of(), Map.of()));
        if (parent != null) {
            append(parent, new FailureDomain.Item(id, Weight.ZERO));
        }
        return this;
    }

    /** Sets the weight of a device, or of a domain as its parents see it, wherever it stands. */
    public CrushMapEdit setWeight(String name, Weight weight) {
        int id = id(name);
        for (FailureDomain parent : parentsOf(id)) {
            List<FailureDomain.Item> items = new ArrayList<>();
            for (FailureDomain.Item item : parent.items()) {
                items.add(item.id() == id ? new FailureDomain.Item(id, weight) : item);
            }
            replace(parent, items);
        }
        return this;
    }

    /** Removes a device, or a domain with everything that stands nowhere else. */
    public CrushMapEdit remove(String name) {
        int id = id(name);
        for (FailureDomain parent : parentsOf(id)) {
            List<FailureDomain.Item> items = new ArrayList<>(parent.items());
            items.removeIf(item -> item.id() == id);
            changedIds.add(parent.id());
            replace(parent, items);
        }
        delete(id);
        return this;
    }

    /**
     * Returns the changed map.
     *
     * @throws CrushMapException when the changes do not fit together, for example when a rule takes
     *     what was removed
     */
    public CrushMap apply() {
        CrushMapBuilder builder = CrushMap.builder().tunables(original.tunables());
        original.types().forEach(builder::type);
        devices.values().forEach(builder::device);
        domains.values().forEach(builder::domain);
        original.rules().forEach(builder::rule);
        original.weightSets().forEach(set -> builder.weightSet(withoutChanged(set)));
        return builder.build();
    }

    private WeightSet withoutChanged(WeightSet set) {
        Set<Integer> dropped = new HashSet<>(changedIds);
        for (FailureDomain domain : original.domains()) {
            if (changedIds.contains(domain.id())) {
                dropped.addAll(domain.shadowIds().values());
            }
        }
        TreeMap<Integer, WeightSet.Substitute> kept = new TreeMap<>(set.substitutes());
        kept.keySet().removeAll(dropped);
        return new WeightSet(set.id(), kept);
    }

    private void delete(int id) {
        FailureDomain domain = domains.remove(id);
        if (domain == null) {
            CrushDevice device = devices.remove(id);
            if (device != null) {
                ids.remove(device.name());
            }
            return;
        }
        ids.remove(domain.name());
        changedIds.add(id);
        for (FailureDomain.Item item : domain.items()) {
            if (parentsOf(item.id()).isEmpty()) {
                delete(item.id());
            }
        }
    }

    private void append(FailureDomain parent, FailureDomain.Item item) {
        List<FailureDomain.Item> items = new ArrayList<>(parent.items());
        items.add(item);
        changedIds.add(parent.id());
        replace(parent, items);
    }

    /** Gives a domain other items and carries the difference of its weight to its parents. */
    private void replace(FailureDomain domain, List<FailureDomain.Item> items) {
        FailureDomain replacement = domain.withItems(items);
        if (!replacement.hasWeight()) {
            throw new CrushMapException(
                    "domain " + domain.name(), "the items' weights add up to 65536 or more");
        }
        domains.put(domain.id(), replacement);
        if (replacement.weight().equals(domain.weight())) {
            return;
        }
        for (FailureDomain parent : parentsOf(domain.id())) {
            if (parent.kind() != SelectionKind.UNIFORM) {
                replace(parent, reweighed(parent, domain, replacement));
            }
        }
    }

    private static List<FailureDomain.Item> reweighed(
            FailureDomain parent, FailureDomain before, FailureDomain after) {
        List<FailureDomain.Item> items = new ArrayList<>();
        for (FailureDomain.Item item : parent.items()) {
            items.add(
                    item.id() == after.id()
                            ? new FailureDomain.Item(
                                    item.id(), reweighed(item.weight(), before, after))
                            : item);
        }
        return items;
    }

    /** A parent that gives a child more or less than its sum keeps doing so by as much. */
    private static Weight reweighed(Weight given, FailureDomain before, FailureDomain after) {
        if (given.equals(before.weight())) {
            return after.weight();
        }
        double changed = given.toDouble() + after.weight().toDouble() - before.weight().toDouble();
        return Weight.of(Math.max(0, changed));
    }

    private List<FailureDomain> parentsOf(int id) {
        return domains.values().stream()
                .filter(domain -> domain.items().stream().anyMatch(item -> item.id() == id))
                .toList();
    }

    private FailureDomain domain(String name) {
        FailureDomain domain = domains.get(id(name));
        if (domain == null) {
            throw new CrushMapException("domain " + name, "is a device");
        }
        return domain;
    }

    private int id(String name) {
        Integer id = ids.get(name);
        if (id == null) {
            throw new CrushMapException("item " + name, "is not defined");
        }
        return id;
    }

    private void reserveName(String subject, String name, int id) {
        if (ids.putIfAbsent(name, id) != null) {
            throw new CrushMapException(subject, "name is taken");
        }
    }
}
