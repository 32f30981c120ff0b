package io.varve.placement;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Weights and ids that replace those of the tree in straw2 selections ("choose_args" in the text
 * form): what Ceph's balancer computes to even out utilisation.
 *
 * @param id the pool it belongs to, or {@link #DEFAULT} for all others
 * @param substitutes by failure domain id (shadow copies included)
 */
public record WeightSet(long id, SortedMap<Integer, Substitute> substitutes) {
    /** Applies where no set has the wanted id. */
    public static final long DEFAULT = -1;

    /**
     * Replacements for one failure domain.
     *
     * @param weights per place in the replica set one weight per item; the last row serves the
     *     places after it; empty when the domain's own weights stand
     * @param ids per item the number to hash; empty when the items' own numbers stand
     */
    public record Substitute(List<List<Weight>> weights, List<Integer> ids) {
        public Substitute {
            weights = weights.stream().map(List::copyOf).toList();
            ids = List.copyOf(ids);
        }
    }

    public WeightSet {
        substitutes = Collections.unmodifiableSortedMap(new TreeMap<>(substitutes));
    }
}
