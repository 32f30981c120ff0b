package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Failure domains as the text gives them, by name and with parts left out, turned into real ones:
 * children before parents wherever they stand, missing ids and weights filled in, items put at
 * their positions. Single-use.
 */
final class DomainDrafts {
    /** An item line. */
    record ItemDraft(String name, @Nullable Weight weight, int position, int line) {
        static final int NO_POSITION = -1;
    }

    /**
     * A domain block.
     *
     * @param id 0 where the text gives none
     */
    record DomainDraft(
            int id,
            String name,
            int typeId,
            SelectionKind kind,
            List<ItemDraft> items,
            Map<String, Integer> shadowIds,
            int line) {}

    private final Map<String, DomainDraft> drafts = new LinkedHashMap<>();
    private final Map<String, Integer> deviceIds;
    private final Map<String, FailureDomain> finished = new HashMap<>();
    private final List<Finished> inOrder = new ArrayList<>();
    private final Set<String> open = new HashSet<>();
    private final Set<Integer> usedIds = new HashSet<>();
    private int nextFreeId = -1;

    DomainDrafts(Map<String, Integer> deviceIds) {
        this.deviceIds = deviceIds;
    }

    void add(DomainDraft draft) {
        if (deviceIds.containsKey(draft.name()) || drafts.containsKey(draft.name())) {
            throw new CrushMapException(draft.line(), draft.name() + " is already defined");
        }
        drafts.put(draft.name(), draft);
        usedIds.add(draft.id());
        usedIds.addAll(draft.shadowIds().values());
    }

    /** A domain and the line where it starts. */
    record Finished(FailureDomain domain, int line) {}

    /** Returns the domains, children before parents. */
    List<Finished> finish() {
        for (DomainDraft draft : drafts.values()) {
            finish(draft, 1);
        }
        return inOrder;
    }

    private FailureDomain finish(DomainDraft draft, int depth) {
        FailureDomain known = finished.get(draft.name());
        if (known != null) {
            return known;
        }
        if (depth > CrushMapBuilder.DEPTH_MAX) {
            throw new CrushMapException(draft.line(), draft.name() + " lies too deep in the tree");
        }
        open.add(draft.name());
        FailureDomain.Item[] items = new FailureDomain.Item[draft.items().size()];
        int[] places = places(draft);
        for (int i = 0; i < places.length; i++) {
            items[places[i]] = item(draft, draft.items().get(i), depth);
        }
        open.remove(draft.name());
        FailureDomain domain =
                new FailureDomain(
                        draft.id() == 0 ? freeId() : draft.id(),
                        draft.name(),
                        draft.typeId(),
                        draft.kind(),
                        Arrays.asList(items),
                        draft.shadowIds());
        finished.put(draft.name(), domain);
        inOrder.add(new Finished(domain, draft.line()));
        return domain;
    }

    private FailureDomain.Item item(DomainDraft parent, ItemDraft item, int depth) {
        Weight given = item.weight();
        Integer deviceId = deviceIds.get(item.name());
        if (deviceId != null) {
            return new FailureDomain.Item(deviceId, given == null ? Weight.ONE : given);
        }
        DomainDraft child = drafts.get(item.name());
        if (child == null) {
            throw new CrushMapException(
                    item.line(),
                    "item %s in %s is not defined".formatted(item.name(), parent.name()));
        }
        if (open.contains(item.name())) {
            throw new CrushMapException(
                    item.line(),
                    "%s contains itself through %s".formatted(item.name(), parent.name()));
        }
        FailureDomain domain = finish(child, depth + 1);
        if (given != null) {
            return new FailureDomain.Item(domain.id(), given);
        }
        if (!domain.hasWeight()) {
            throw new CrushMapException(item.line(), "weights add up to 65536 or more");
        }
        return new FailureDomain.Item(domain.id(), domain.weight());
    }

    private int freeId() {
        while (!usedIds.add(nextFreeId)) {
            nextFreeId--;
        }
        return nextFreeId;
    }

    /** Given positions are kept; the other items fill the free ones in the order of the text. */
    private static int[] places(DomainDraft draft) {
        int size = draft.items().size();
        int[] places = new int[size];
        boolean[] taken = new boolean[size];
        for (int i = 0; i < size; i++) {
            ItemDraft item = draft.items().get(i);
            int position = item.position();
            places[i] = position;
            if (position == ItemDraft.NO_POSITION) {
                continue;
            }
            if (position >= size) {
                throw new CrushMapException(
                        item.line(),
                        "pos %d is not below the number of items, %d".formatted(position, size));
            }
            if (taken[position]) {
                throw new CrushMapException(item.line(), "pos " + position + " is taken");
            }
            taken[position] = true;
        }
        int free = 0;
        for (int i = 0; i < size; i++) {
            if (places[i] == ItemDraft.NO_POSITION) {
                while (taken[free]) {
                    free++;
                }
                taken[free] = true;
                places[i] = free;
            }
        }
        return places;
    }
}
