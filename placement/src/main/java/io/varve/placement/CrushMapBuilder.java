package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Collects the parts of a {@link CrushMap} and checks that they fit together. Every method throws
 * {@link CrushMapException} for what can be seen at once; {@link #build} for the rest.
 * Single-threaded.
 */
public final class CrushMapBuilder {
    /** More levels than any real tree has; bounds recursion. */
    static final int DEPTH_MAX = 64;

    /** Ceph numbers a tree node's inner nodes in one byte. */
    static final int TREE_ITEMS_MAX = 64;

    static final Set<String> RESERVED_WORDS =
            Set.of("tunable", "device", "type", "rule", "choose_args");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,255}");

    private Tunables tunables = Tunables.JEWEL;
    private final TreeMap<Integer, ItemType> types = new TreeMap<>();
    private final TreeMap<Integer, CrushDevice> devices = new TreeMap<>();
    private final TreeMap<Integer, FailureDomain> domains =
            new TreeMap<>(Collections.reverseOrder());
    private final TreeMap<Integer, CrushRule> rules = new TreeMap<>();
    private final TreeMap<Long, WeightSet> weightSets = new TreeMap<>();
    private final Map<String, Integer> itemIds = new HashMap<>();
    private final Set<Integer> shadowIds = new HashSet<>();
    private final Set<String> classes = new LinkedHashSet<>();

    CrushMapBuilder() {}

    /** Parts that fit together. */
    record Checked(
            Tunables tunables,
            List<ItemType> types,
            List<CrushDevice> devices,
            List<String> deviceClasses,
            List<FailureDomain> domains,
            List<CrushRule> rules,
            List<WeightSet> weightSets,
            Hierarchy hierarchy,
            Map<Integer, List<RuleStep>> stepsByRule) {}

    /** {@link Tunables#JEWEL} unless set. */
    public CrushMapBuilder tunables(Tunables newTunables) {
        tunables = newTunables;
        return this;
    }

    public CrushMapBuilder type(ItemType type) {
        String subject = "type " + type.name();
        checkName(subject, type.name());
        check(type.id() >= 0, subject, "number " + type.id() + " is negative");
        check(!RESERVED_WORDS.contains(type.name()), subject, "is a word of the text form");
        for (ItemType other : types.values()) {
            check(other.id() != type.id(), subject, "number is that of type " + other.name());
            check(!other.name().equals(type.name()), subject, "is defined twice");
        }
        types.put(type.id(), type);
        return this;
    }

    public CrushMapBuilder device(CrushDevice device) {
        String subject = "device " + device.name();
        checkName(subject, device.name());
        String deviceClass = device.deviceClass();
        if (deviceClass != null) {
            checkName(subject, deviceClass);
            classes.add(deviceClass);
        }
        check(
                device.id() >= 0 && device.id() <= CrushMap.DEVICE_ID_MAX,
                subject,
                "number must be 0 to " + CrushMap.DEVICE_ID_MAX + ", not " + device.id());
        CrushDevice other = devices.get(device.id());
        check(other == null, subject, "number " + device.id() + " is taken");
        check(itemIds.putIfAbsent(device.name(), device.id()) == null, subject, "name is taken");
        devices.put(device.id(), device);
        return this;
    }

    public CrushMapBuilder domain(FailureDomain domain) {
        String subject = "domain " + domain.name();
        checkName(subject, domain.name());
        checkFreeId(subject, domain.id());
        check(domain.typeId() != ItemType.DEVICE, subject, "type 0 is for devices");
        domain.shadowIds()
                .forEach(
                        (deviceClass, id) -> {
                            checkName(subject, deviceClass);
                            checkFreeId(subject + " class " + deviceClass, id);
                            check(id != domain.id(), subject, "id is also its shadow's");
                            classes.add(deviceClass);
                            shadowIds.add(id);
                        });
        check(itemIds.putIfAbsent(domain.name(), domain.id()) == null, subject, "name is taken");
        checkSelection(subject, domain);
        domains.put(domain.id(), domain);
        return this;
    }

    public CrushMapBuilder rule(CrushRule rule) {
        String subject = "rule " + (rule.name().isEmpty() ? rule.id() : rule.name());
        if (!rule.name().isEmpty()) {
            checkName(subject, rule.name());
        }
        check(rule.id() >= 0, subject, "number " + rule.id() + " is negative");
        for (CrushRule other : rules.values()) {
            check(other.id() != rule.id(), subject, "number " + rule.id() + " is taken");
            check(
                    rule.name().isEmpty() || !other.name().equals(rule.name()),
                    subject,
                    "is defined twice");
        }
        check(!rule.steps().isEmpty(), subject, "has no steps");
        rules.put(rule.id(), rule);
        return this;
    }

    /** Leaves a rule out that there may be. */
    public CrushMapBuilder withoutRule(String name) {
        rules.values().removeIf(rule -> rule.name().equals(name));
        return this;
    }

    public CrushMapBuilder weightSet(WeightSet set) {
        String subject = "choose_args " + set.id();
        check(weightSets.putIfAbsent(set.id(), set) == null, subject, "is defined twice");
        return this;
    }

    /**
     * Checks the whole and completes it with shadow ids. The builder remains usable.
     *
     * @throws CrushMapException naming the entry that does not fit
     */
    public CrushMap build() {
        for (FailureDomain domain : domains.values()) {
            checkReferences(domain);
        }
        checkAcyclic();
        ShadowTrees.Result shadows = new ShadowTrees(domains, devices).build(List.copyOf(classes));
        List<FailureDomain> completed =
                domains.values().stream()
                        .map(domain -> domain.withShadowIds(shadows.ids(domain.id())))
                        .toList();
        List<FailureDomain> nodes = new ArrayList<>(completed);
        nodes.addAll(shadows.copies());
        List<CrushDevice> allDevices = List.copyOf(devices.values());
        Hierarchy hierarchy = Hierarchy.of(nodes, allDevices, tunables.strawCalcVersion());
        RuleCheck ruleCheck = new RuleCheck(types, devices, domains, shadows);
        Map<Integer, List<RuleStep>> stepsByRule = new HashMap<>();
        rules.forEach((id, rule) -> stepsByRule.put(id, ruleCheck.resolved(rule)));
        weightSets.values().forEach(set -> checkSizes(set, nodes));
        return new CrushMap(
                new Checked(
                        tunables,
                        List.copyOf(types.values()),
                        allDevices,
                        List.copyOf(classes),
                        completed,
                        List.copyOf(rules.values()),
                        List.copyOf(weightSets.values()),
                        hierarchy,
                        Map.copyOf(stepsByRule)));
    }

    private static void checkName(String subject, String name) {
        check(
                NAME.matcher(name).matches(),
                subject,
                "'" + name + "' is no name: 1 to 255 letters, digits, '.', '_' and '-'");
    }

    private void checkFreeId(String subject, int id) {
        check(
                id < 0 && id >= CrushMap.DOMAIN_ID_MIN,
                subject,
                "id must be -1 to " + CrushMap.DOMAIN_ID_MIN + ", not " + id);
        boolean taken = domains.containsKey(id) || shadowIds.contains(id);
        check(!taken, subject, "id " + id + " is taken");
    }

    private static void checkSelection(String subject, FailureDomain domain) {
        check(domain.hasWeight(), subject, "the items' weights add up to 65536 or more");
        switch (domain.kind()) {
            case UNIFORM -> {
                long weights = domain.items().stream().map(i -> i.weight()).distinct().count();
                check(weights <= 1, subject, "items of a uniform domain must have equal weights");
            }
            case TREE ->
                    check(
                            domain.items().size() <= TREE_ITEMS_MAX,
                            subject,
                            "a tree domain holds at most " + TREE_ITEMS_MAX + " items");
            case LIST, STRAW, STRAW2 -> {}
        }
    }

    private void checkReferences(FailureDomain domain) {
        String subject = "domain " + domain.name();
        check(types.containsKey(domain.typeId()), subject, "type " + domain.typeId() + " unknown");
        for (FailureDomain.Item item : domain.items()) {
            boolean known = item.id() >= 0 ? devices.containsKey(item.id()) : isDomain(item.id());
            check(known, subject, "item " + item.id() + " is not defined");
            FailureDomain child = domains.get(item.id());
            Weight weight = item.weight();
            // What the text form can neither hold nor imply would change when written and read.
            check(
                    weight.hasText() || (child != null && weight.equals(child.weight())),
                    subject,
                    "weight " + weight.toDouble() + " has more digits than the text form holds");
        }
    }

    private boolean isDomain(int id) {
        return domains.containsKey(id);
    }

    private void checkAcyclic() {
        Map<Integer, Integer> heights = new HashMap<>();
        for (FailureDomain domain : domains.values()) {
            height(domain, heights, 1);
        }
    }

    private int height(FailureDomain domain, Map<Integer, Integer> heights, int depth) {
        String subject = "domain " + domain.name();
        check(depth <= DEPTH_MAX, subject, "contains itself, or lies too deep in the tree");
        Integer known = heights.get(domain.id());
        if (known == null) {
            int below = 0;
            for (FailureDomain.Item item : domain.items()) {
                if (item.id() < 0) {
                    below = Math.max(below, height(child(item), heights, depth + 1));
                }
            }
            known = below + 1;
            heights.put(domain.id(), known);
        }
        return known;
    }

    private FailureDomain child(FailureDomain.Item item) {
        return Objects.requireNonNull(domains.get(item.id()));
    }

    private static void checkSizes(WeightSet set, List<FailureDomain> nodes) {
        Map<Integer, Integer> sizes = new HashMap<>();
        nodes.forEach(node -> sizes.put(node.id(), node.items().size()));
        set.substitutes()
                .forEach(
                        (id, substitute) -> {
                            String subject = "choose_args " + set.id() + " bucket_id " + id;
                            Integer size = sizes.get(id);
                            check(size != null, subject, "is not defined");
                            checkSizes(subject, substitute, size);
                        });
    }

    private static void checkSizes(
            String subject, WeightSet.Substitute substitute, @Nullable Integer size) {
        for (List<Weight> row : substitute.weights()) {
            check(
                    size != null && row.size() == size,
                    subject,
                    "needs " + size + " weights in a row, not " + row.size());
            check(
                    row.stream().allMatch(Weight::hasText),
                    subject,
                    "a weight has more digits than the text form holds");
        }
        List<Integer> ids = substitute.ids();
        check(
                ids.isEmpty() || (size != null && ids.size() == size),
                subject,
                "needs " + size + " ids, not " + ids.size());
    }

    private static void check(boolean holds, String subject, String problem) {
        if (!holds) {
            throw new CrushMapException(subject, problem);
        }
    }
}
