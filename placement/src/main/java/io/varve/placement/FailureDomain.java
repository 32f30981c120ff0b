package io.varve.placement;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An inner node of the tree: a set of devices or smaller domains that may fail together.
 *
 * @param id its number, -1 or below; it is an input of the hash, so it must not change
 * @param name unique among devices and failure domains
 * @param typeId its level, above {@link ItemType#DEVICE}
 * @param kind how one of the items is picked
 * @param items in the order that the selection sees
 * @param shadowIds by device class, the number of the copy that holds only devices of that class;
 *     {@link CrushMapBuilder} adds the missing ones
 */
public record FailureDomain(
        int id,
        String name,
        int typeId,
        SelectionKind kind,
        List<Item> items,
        Map<String, Integer> shadowIds) {
    /**
     * A child: a device (id 0 or above) or a smaller domain (below 0).
     *
     * @param weight what the parent gives it; by custom the sum of its own items' weights
     */
    public record Item(int id, Weight weight) {}

    public FailureDomain {
        items = List.copyOf(items);
        // Keeps the order: the order in which classes are first named decides new shadow ids.
        shadowIds = Collections.unmodifiableMap(new LinkedHashMap<>(shadowIds));
    }

    /**
     * The sum of the items' weights.
     *
     * @throws IllegalArgumentException when it does not fit the algorithm's 32 bits
     */
    public Weight weight() {
        Weight sum = Weight.ZERO;
        for (Item item : items) {
            sum = sum.plus(item.weight());
        }
        return sum;
    }

    /** Whether the items' weights add up to what the algorithm's 32 bits hold. */
    boolean hasWeight() {
        return items.stream().mapToLong(item -> item.weight().fixed()).sum() <= Weight.FIXED_MAX;
    }

    FailureDomain withItems(List<Item> newItems) {
        return new FailureDomain(id, name, typeId, kind, newItems, shadowIds);
    }

    FailureDomain withShadowIds(Map<String, Integer> newShadowIds) {
        return new FailureDomain(id, name, typeId, kind, items, newShadowIds);
    }
}
