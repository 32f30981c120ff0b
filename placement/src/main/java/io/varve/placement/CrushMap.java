package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A tree of failure domains with devices as leaves, and the rules that pick replica sets from it,
 * by the CRUSH algorithm (Weil et al., SC06), equal bit by bit to what Ceph computes for the same
 * map.
 *
 * <p>Goals: every client that has the map computes the same devices without asking anyone; data is
 * spread by weight; replicas are kept apart as the rule says; a change of the map moves little more
 * than the share of data that must move.
 *
 * <p>Immutable and safe for any thread. Two maps are equal when they say the same, however they
 * came about. Build one with {@link CrushMapBuilder}, read one with {@link CrushText}.
 */
public final class CrushMap {
    /** Stands for a place in a replica set that could not be filled; no device has this id. */
    public static final int NONE = 0x7fff_ffff;

    /** The greatest device id. */
    public static final int DEVICE_ID_MAX = (1 << 20) - 1;

    /** The least failure domain id. */
    public static final int DOMAIN_ID_MIN = -(1 << 20);

    /** The largest replica set that can be asked for. */
    public static final int REPLICAS_MAX = 1024;

    private final Tunables tunables;
    private final List<ItemType> types;
    private final List<CrushDevice> devices;
    private final List<String> deviceClasses;
    private final List<FailureDomain> domains;
    private final List<CrushRule> rules;
    private final List<WeightSet> weightSets;

    private final Hierarchy hierarchy;
    private final Map<Integer, List<RuleStep>> stepsByRule;
    private final Map<Long, Selector.@Nullable DrawOverride[]> overridesByPool = new HashMap<>();

    CrushMap(CrushMapBuilder.Checked parts) {
        tunables = parts.tunables();
        types = parts.types();
        devices = parts.devices();
        deviceClasses = parts.deviceClasses();
        domains = parts.domains();
        rules = parts.rules();
        weightSets = parts.weightSets();
        hierarchy = parts.hierarchy();
        stepsByRule = parts.stepsByRule();
        for (WeightSet set : weightSets) {
            overridesByPool.put(set.id(), hierarchy.overrides(set));
        }
    }

    public static CrushMapBuilder builder() {
        return new CrushMapBuilder();
    }

    /** A builder that starts with everything in this map, shadow ids included. */
    public CrushMapBuilder toBuilder() {
        CrushMapBuilder builder = new CrushMapBuilder().tunables(tunables);
        types.forEach(builder::type);
        devices.forEach(builder::device);
        domains.forEach(builder::domain);
        rules.forEach(builder::rule);
        weightSets.forEach(builder::weightSet);
        return builder;
    }

    /** Maps as pool 0; see {@link #map(int, int, int, Reweights, long)}. */
    public int[] map(int ruleId, int x, int replicas, Reweights reweights) {
        return map(ruleId, x, replicas, reweights, 0);
    }

    /**
     * Returns the ordered replica set of an input: device ids, possibly fewer than asked for, with
     * {@link #NONE} for holes that indep steps leave. Pure: equal arguments give equal results.
     *
     * @param x the input, usually made from a placement group's number
     * @param replicas how many are wanted, 1 to {@link #REPLICAS_MAX}
     * @param poolId whose weight set applies, where the map has one
     * @throws IllegalArgumentException when there is no such rule or the count is out of range
     */
    public int[] map(int ruleId, int x, int replicas, Reweights reweights, long poolId) {
        List<RuleStep> steps = resolvedSteps(ruleId);
        if (replicas < 1 || replicas > REPLICAS_MAX) {
            throw new IllegalArgumentException(
                    "replicas must be 1 to " + REPLICAS_MAX + ", not " + replicas);
        }
        Draws draws = new Draws(hierarchy, reweights, overrides(poolId), x);
        return new RuleRun(draws, tunables, replicas).run(steps);
    }

    /** A rule's steps, each take's id being that of the node to start from. */
    List<RuleStep> resolvedSteps(int ruleId) {
        List<RuleStep> steps = stepsByRule.get(ruleId);
        if (steps == null) {
            throw new IllegalArgumentException("the map has no rule " + ruleId);
        }
        return steps;
    }

    private Selector.@Nullable DrawOverride @Nullable [] overrides(long poolId) {
        if (overridesByPool.isEmpty()) {
            return null;
        }
        Selector.@Nullable DrawOverride[] own = overridesByPool.get(poolId);
        return own != null ? own : overridesByPool.get(WeightSet.DEFAULT);
    }

    public Tunables tunables() {
        return tunables;
    }

    /** By rising id. */
    public List<ItemType> types() {
        return types;
    }

    /** By rising id. */
    public List<CrushDevice> devices() {
        return devices;
    }

    /** In the order of their first mention. */
    public List<String> deviceClasses() {
        return deviceClasses;
    }

    /** By falling id: -1 first. Shadow copies are not listed. */
    public List<FailureDomain> domains() {
        return domains;
    }

    /** By rising id. */
    public List<CrushRule> rules() {
        return rules;
    }

    /** By rising id. */
    public List<WeightSet> weightSets() {
        return weightSets;
    }

    public Optional<CrushRule> rule(String name) {
        return rules.stream().filter(rule -> rule.name().equals(name)).findFirst();
    }

    public Optional<CrushRule> rule(int id) {
        return rules.stream().filter(rule -> rule.id() == id).findFirst();
    }

    public Optional<CrushDevice> device(int id) {
        return devices.stream().filter(device -> device.id() == id).findFirst();
    }

    public Optional<FailureDomain> domain(String name) {
        return domains.stream().filter(domain -> domain.name().equals(name)).findFirst();
    }

    Hierarchy hierarchy() {
        return hierarchy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CrushMap that
                && tunables.equals(that.tunables)
                && types.equals(that.types)
                && devices.equals(that.devices)
                && domains.equals(that.domains)
                && rules.equals(that.rules)
                && weightSets.equals(that.weightSets);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tunables, types, devices, domains, rules, weightSets);
    }

    @Override
    public String toString() {
        return "CrushMap[devices=%d, domains=%d, rules=%d]"
                .formatted(devices.size(), domains.size(), rules.size());
    }
}
