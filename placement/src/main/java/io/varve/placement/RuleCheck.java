package io.varve.placement;

import java.util.List;
import java.util.Map;

/** Checks that rules name what exists, and resolves device classes to shadow copies. */
record RuleCheck(
        Map<Integer, ItemType> types,
        Map<Integer, CrushDevice> devices,
        Map<Integer, FailureDomain> domains,
        ShadowTrees.Result shadows) {
    /** A replica set is never longer than this, so larger counts are mistakes. */
    private static final int COUNT_MAX = CrushMap.REPLICAS_MAX;

    /** The rule's steps with each take's id being that of the node to start from. */
    List<RuleStep> resolved(CrushRule rule) {
        String subject = "rule " + (rule.name().isEmpty() ? rule.id() : rule.name());
        return rule.steps().stream().map(step -> resolved(step, subject)).toList();
    }

    private RuleStep resolved(RuleStep step, String subject) {
        return switch (step) {
            case RuleStep.Take take -> resolved(take, subject);
            case RuleStep.Choose choose -> {
                check(types.containsKey(choose.typeId()), subject, "type is not defined");
                check(
                        Math.abs((long) choose.count()) <= COUNT_MAX,
                        subject,
                        "cannot choose " + choose.count() + ", at most " + COUNT_MAX);
                yield choose;
            }
            case RuleStep.Set set -> {
                check(
                        set.value() >= 0 && set.value() <= max(set.setting()),
                        subject,
                        set.setting().text() + " must be 0 to " + max(set.setting()));
                yield set;
            }
            case RuleStep.Emit emit -> emit;
        };
    }

    static int max(RuleStep.Setting setting) {
        return setting == RuleStep.Setting.CHOOSELEAF_VARY_R
                ? Tunables.VARY_R_MAX
                : Tunables.TRIES_MAX;
    }

    private RuleStep resolved(RuleStep.Take take, String subject) {
        FailureDomain domain = domains.get(take.itemId());
        check(
                domain != null || devices.containsKey(take.itemId()),
                subject,
                "takes item " + take.itemId() + ", which is not defined");
        String deviceClass = take.deviceClass();
        if (deviceClass == null) {
            return take;
        }
        if (domain == null) {
            throw new CrushMapException(subject, "takes a device by class");
        }
        return new RuleStep.Take(shadowId(domain, deviceClass, subject), null);
    }

    private int shadowId(FailureDomain domain, String deviceClass, String subject) {
        Map<String, Integer> ids = shadows.ids(domain.id());
        Integer id = ids.get(deviceClass);
        if (id == null) {
            String reason =
                    shadows.obstacle().isEmpty() ? "no device has that class" : shadows.obstacle();
            throw new CrushMapException(
                    subject,
                    "cannot take " + domain.name() + " class " + deviceClass + ": " + reason);
        }
        return id;
    }

    private static void check(boolean holds, String subject, String problem) {
        if (!holds) {
            throw new CrushMapException(subject, problem);
        }
    }
}
