package io.varve.placement;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What share of the replicas a change of the map moves, against the least that any placement by
 * weight would have to move: the sum of what devices gain in expected share, which for one added or
 * removed device is its weight over the whole weight.
 *
 * @param change what changed, in words
 * @param replicas how many replicas there are after the change
 * @param moved how many of them are on another device than before; where places matter (indep), how
 *     many places
 * @param optimumShare the least share that must move
 */
public record MovementAnalysis(String change, long replicas, long moved, double optimumShare) {
    /** Maps every input with both maps. */
    public static MovementAnalysis of(
            String change,
            CrushMap before,
            CrushMap after,
            int ruleId,
            int replicas,
            Reweights reweights,
            Inputs inputs) {
        boolean places = keepsPlaces(after, ruleId);
        long[] totals = new long[2];
        inputs.stream()
                .forEach(
                        x -> {
                            int[] old = before.map(ruleId, x, replicas, reweights);
                            int[] now = after.map(ruleId, x, replicas, reweights);
                            count(old, now, places, totals);
                        });
        double optimum =
                gains(
                        ExpectedShares.of(before, ruleId, replicas, reweights),
                        ExpectedShares.of(after, ruleId, replicas, reweights));
        return new MovementAnalysis(change, totals[0], totals[1], optimum);
    }

    /**
     * What moves of one pool between two placements of as many groups, each with its own map, rule
     * and reweights.
     */
    public static MovementAnalysis of(String change, PlacementMap before, PlacementMap after) {
        boolean places = keepsPlaces(after.map(), after.ruleId());
        long[] totals = new long[2];
        for (int group = 0; group < after.groups().count(); group++) {
            int[] old = before.ofGroup(group).places();
            int[] now = after.ofGroup(group).places();
            count(old, now, places, totals);
        }
        double optimum =
                gains(
                        ExpectedShares.of(
                                before.map(),
                                before.ruleId(),
                                before.replicas(),
                                before.reweights()),
                        ExpectedShares.of(
                                after.map(), after.ruleId(), after.replicas(), after.reweights()));
        return new MovementAnalysis(change, totals[0], totals[1], optimum);
    }

    private static boolean keepsPlaces(CrushMap map, int ruleId) {
        return map.resolvedSteps(ruleId).stream()
                .anyMatch(
                        step ->
                                step instanceof RuleStep.Choose choose
                                        && choose.mode() == RuleStep.Mode.INDEP);
    }

    private static void count(int[] old, int[] now, boolean places, long[] totals) {
        for (int place = 0; place < now.length; place++) {
            if (now[place] == CrushMap.NONE) {
                continue;
            }
            boolean stays =
                    places
                            ? place < old.length && old[place] == now[place]
                            : contains(old, now[place]);
            totals[0]++;
            totals[1] += stays ? 0 : 1;
        }
    }

    private static boolean contains(int[] devices, int wanted) {
        for (int device : devices) {
            if (device == wanted) {
                return true;
            }
        }
        return false;
    }

    private static double gains(Map<Integer, Double> before, Map<Integer, Double> after) {
        Set<Integer> ids = new HashSet<>(after.keySet());
        double sum = 0;
        for (int id : ids) {
            double gain = after.getOrDefault(id, 0.0) - before.getOrDefault(id, 0.0);
            sum += Math.max(gain, 0);
        }
        return sum;
    }

    public double movedShare() {
        return replicas == 0 ? 0 : moved / (double) replicas;
    }

    /** How many times the optimum moves; 1 when nothing has to move and nothing does. */
    public double ratio() {
        return moved == 0 && optimumShare == 0 ? 1 : movedShare() / optimumShare;
    }

    /** One line. */
    public String toText() {
        return "%s: %s of the replicas move, optimum %s, ratio %s\n"
                .formatted(
                        change,
                        Numbers.percent(movedShare()),
                        Numbers.percent(optimumShare),
                        Numbers.decimal(ratio(), 2));
    }

    void writeJson(JsonWriter json) {
        json.open('{').name("change").value(change);
        json.name("replicas").value(replicas).name("moved").value(moved);
        json.name("movedShare").value(movedShare());
        json.name("optimumShare").value(optimumShare);
        json.name("ratio").value(ratio()).close('}');
    }
}
