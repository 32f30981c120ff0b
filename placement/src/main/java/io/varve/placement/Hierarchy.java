package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The tree in the form that mapping walks: selectors by node index, shadow copies included.
 * Immutable, safe for any thread.
 *
 * @param nodes by {@code -1 - id}; null where no node has that id
 * @param deviceLimit above every device id
 */
record Hierarchy(@Nullable Node[] nodes, int deviceLimit) {
    /**
     * A failure domain or the shadow copy of one.
     *
     * @param selector null for uniform nodes, which offer their items by permutation
     */
    record Node(int id, int typeId, int[] items, int[] weights, @Nullable Selector selector) {}

    static Hierarchy of(
            List<FailureDomain> domains, List<CrushDevice> devices, int strawCalcVersion) {
        int nodeLimit = 0;
        for (FailureDomain domain : domains) {
            nodeLimit = Math.max(nodeLimit, -domain.id());
        }
        Node[] nodes = new Node[nodeLimit];
        for (FailureDomain domain : domains) {
            nodes[-1 - domain.id()] = compile(domain, strawCalcVersion);
        }
        int deviceLimit = devices.stream().mapToInt(d -> d.id() + 1).max().orElse(0);
        return new Hierarchy(nodes, deviceLimit);
    }

    private static Node compile(FailureDomain domain, int strawCalcVersion) {
        int[] items = domain.items().stream().mapToInt(FailureDomain.Item::id).toArray();
        int[] weights = domain.items().stream().mapToInt(item -> item.weight().bits()).toArray();
        Selector selector =
                Selector.of(domain.kind(), domain.id(), items, weights, strawCalcVersion);
        return new Node(domain.id(), domain.typeId(), items, weights, selector);
    }

    /** The node with a negative id; it must exist. */
    Node node(int id) {
        Node node = nodes[-1 - id];
        if (node == null) {
            throw new IllegalStateException("no node has id " + id);
        }
        return node;
    }

    int typeOf(int itemId) {
        return itemId >= 0 ? ItemType.DEVICE : node(itemId).typeId();
    }

    /** Draw overrides of a weight set, by node index. */
    Selector.@Nullable DrawOverride[] overrides(WeightSet set) {
        Selector.@Nullable DrawOverride[] draws = new Selector.DrawOverride[nodes.length];
        set.substitutes().forEach((id, substitute) -> draws[-1 - id] = drawOverride(substitute));
        return draws;
    }

    private static Selector.DrawOverride drawOverride(WeightSet.Substitute substitute) {
        int[][] weights =
                substitute.weights().stream()
                        .map(row -> row.stream().mapToInt(Weight::bits).toArray())
                        .toArray(int[][]::new);
        int[] ids = substitute.ids().stream().mapToInt(Integer::intValue).toArray();
        return new Selector.DrawOverride(
                weights.length == 0 ? null : weights, ids.length == 0 ? null : ids);
    }
}
