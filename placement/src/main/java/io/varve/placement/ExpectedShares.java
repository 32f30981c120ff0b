package io.varve.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The share of all replicas that each device should get by weight: down from what a rule takes, at
 * each node by the items' weights, at the device by its reweight. What a rule demands beyond
 * weight, such as different hosts, is not in it; where that matters the actual shares differ.
 */
final class ExpectedShares {
    /** What one take, its choose steps and their emit contribute. */
    private record Block(int takenId, int count) {}

    private final Hierarchy hierarchy;
    private final Reweights reweights;

    private ExpectedShares(Hierarchy hierarchy, Reweights reweights) {
        this.hierarchy = hierarchy;
        this.reweights = reweights;
    }

    /** By device id, adding up to 1; empty when the rule reaches no device of positive weight. */
    static Map<Integer, Double> of(CrushMap map, int ruleId, int replicas, Reweights reweights) {
        ExpectedShares shares = new ExpectedShares(map.hierarchy(), reweights);
        Map<Integer, Double> sum = new TreeMap<>();
        for (Block block : blocks(map.resolvedSteps(ruleId), replicas)) {
            Map<Integer, Double> part = new TreeMap<>();
            shares.spread(block.takenId(), 1.0, part);
            normalized(part)
                    .forEach((id, share) -> sum.merge(id, share * block.count(), Double::sum));
        }
        return normalized(sum);
    }

    private static Map<Integer, Double> normalized(Map<Integer, Double> shares) {
        double total = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        if (total == 0) {
            return Map.of();
        }
        shares.replaceAll((id, share) -> share / total);
        return shares;
    }

    private void spread(int itemId, double share, Map<Integer, Double> into) {
        if (itemId >= 0) {
            into.merge(itemId, share * reweights.share(itemId), Double::sum);
            return;
        }
        Hierarchy.Node node = hierarchy.node(itemId);
        double total = 0;
        for (int weight : node.weights()) {
            total += Integer.toUnsignedLong(weight);
        }
        for (int i = 0; i < node.items().length; i++) {
            long weight = Integer.toUnsignedLong(node.weights()[i]);
            if (weight > 0) {
                spread(node.items()[i], share * weight / total, into);
            }
        }
    }

    private static List<Block> blocks(List<RuleStep> steps, int replicas) {
        List<Block> blocks = new ArrayList<>();
        int takenId = 0;
        int count = 0;
        int emitted = 0;
        for (RuleStep step : steps) {
            switch (step) {
                case RuleStep.Take take -> {
                    takenId = take.itemId();
                    count = 1;
                }
                case RuleStep.Choose choose -> {
                    int each = choose.count() > 0 ? choose.count() : choose.count() + replicas;
                    count = Math.min(count * Math.max(each, 0), replicas);
                }
                case RuleStep.Set set -> {
                    // Retries change which devices are found, not how many are wanted.
                }
                case RuleStep.Emit emit -> {
                    int size = Math.min(count, replicas - emitted);
                    if (size > 0) {
                        blocks.add(new Block(takenId, size));
                    }
                    emitted += size;
                    count = 0;
                }
            }
        }
        return blocks;
    }
}
