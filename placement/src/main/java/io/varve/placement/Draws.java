package io.varve.placement;

import org.jspecify.annotations.Nullable;

/**
 * What every choice of one mapping has in common: the tree, the input, and what devices reject.
 * Single-threaded; lives for one mapping.
 */
final class Draws {
    private final Hierarchy hierarchy;
    private final Reweights reweights;
    private final Selector.@Nullable DrawOverride @Nullable [] overrides;
    private final int x;
    private @Nullable Permutations permutations;

    Draws(
            Hierarchy hierarchy,
            Reweights reweights,
            Selector.@Nullable DrawOverride @Nullable [] overrides,
            int x) {
        this.hierarchy = hierarchy;
        this.reweights = reweights;
        this.overrides = overrides;
        this.x = x;
    }

    Hierarchy.Node node(int id) {
        return hierarchy.node(id);
    }

    int typeOf(int itemId) {
        return hierarchy.typeOf(itemId);
    }

    /** Picks an item of a node that has any. */
    int draw(Hierarchy.Node node, int r, int position) {
        Selector selector = node.selector();
        if (selector == null) {
            return drawByPermutation(node, r);
        }
        Selector.DrawOverride override = overrides == null ? null : overrides[-1 - node.id()];
        return selector.choose(x, r, position, override);
    }

    /** Picks by the pseudo-random order of the node's items, whatever its kind. */
    int drawByPermutation(Hierarchy.Node node, int r) {
        if (permutations == null) {
            permutations = new Permutations(x, hierarchy.nodes().length);
        }
        return permutations.pick(node.id(), node.items(), r);
    }

    boolean rejectedBy(int deviceId) {
        return reweights.rejects(deviceId, x);
    }
}
