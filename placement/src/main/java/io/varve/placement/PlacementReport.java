package io.varve.placement;

import java.util.List;

/**
 * How good a map and rule are: how evenly they fill the devices, and what changes would move.
 *
 * @param movements one for each change asked about
 */
public record PlacementReport(
        int ruleId, int replicas, Utilisation utilisation, List<MovementAnalysis> movements) {
    public PlacementReport {
        movements = List.copyOf(movements);
    }

    /**
     * @throws CrushMapException when a change does not fit the map
     */
    public static PlacementReport of(
            CrushMap map,
            int ruleId,
            int replicas,
            Reweights reweights,
            Inputs inputs,
            List<MapChange> changes) {
        Utilisation utilisation = Utilisation.of(map, ruleId, replicas, reweights, inputs);
        List<MovementAnalysis> movements =
                changes.stream()
                        .map(
                                change ->
                                        MovementAnalysis.of(
                                                change.description(),
                                                map,
                                                change.applyTo(map),
                                                ruleId,
                                                replicas,
                                                reweights,
                                                inputs))
                        .toList();
        return new PlacementReport(ruleId, replicas, utilisation, movements);
    }

    public String toText() {
        StringBuilder out = new StringBuilder();
        out.append("rule ").append(ruleId).append(", ").append(replicas).append(" replicas: ");
        out.append(utilisation.toText());
        if (!movements.isEmpty()) {
            out.append('\n');
        }
        movements.forEach(movement -> out.append(movement.toText()));
        return out.toString();
    }

    public String toJson() {
        StringBuilder out = new StringBuilder();
        JsonWriter json = new JsonWriter(out);
        json.open('{').name("rule").value(ruleId).name("replicas").value(replicas);
        json.name("utilisation");
        utilisation.writeJson(json);
        json.name("movements").open('[');
        movements.forEach(movement -> movement.writeJson(json));
        json.close(']').close('}').newLine();
        return out.toString();
    }
}
