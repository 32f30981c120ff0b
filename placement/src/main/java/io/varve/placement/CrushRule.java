package io.varve.placement;

import java.util.List;
import java.util.OptionalInt;

/**
 * How to walk from the whole tree to the devices of one replica set.
 *
 * @param id the number by which callers name it, 0 or above
 * @param name unique; empty for the nameless rules that the text form allows
 * @param type what kind of pool uses it: {@link #REPLICATED}, {@link #ERASURE} or another number
 * @param minSize smallest number of replicas it is meant for, where the text says so; not enforced
 * @param maxSize largest number of replicas it is meant for, where the text says so; not enforced
 */
public record CrushRule(
        int id,
        String name,
        int type,
        OptionalInt minSize,
        OptionalInt maxSize,
        List<RuleStep> steps) {
    public static final int REPLICATED = 1;
    public static final int ERASURE = 3;

    public CrushRule {
        steps = List.copyOf(steps);
    }
}
