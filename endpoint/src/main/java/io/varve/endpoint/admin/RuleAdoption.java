package io.varve.endpoint.admin;

import io.varve.journal.record.PoolScheme;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushMapBuilder;
import io.varve.placement.CrushMapException;
import io.varve.placement.CrushRule;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;

import java.util.ArrayList;
import java.util.List;

/**
 * An imported map with a rule for each pool. Where the map has none of the name of a pool's rule,
 * its first rule of the same kind is there under that name too; {@code set-rule} can choose another
 * one then.
 *
 * @param notes what was done, for people
 */
record RuleAdoption(CrushMap map, List<String> notes) {

    static RuleAdoption of(Topology topology, CrushMap imported) {
        CrushMapBuilder builder = imported.toBuilder();
        List<String> notes = new ArrayList<>();
        List<String> present = new ArrayList<>();
        imported.rules().forEach(rule -> present.add(rule.name()));
        int freeId = imported.rules().stream().mapToInt(CrushRule::id).max().orElse(-1) + 1;
        for (Pool pool : topology.pools().values()) {
            String name = pool.put().rule();
            if (present.contains(name)) {
                continue;
            }
            CrushRule model = model(imported, pool);
            builder.rule(
                    new CrushRule(
                            freeId++,
                            name,
                            model.type(),
                            model.minSize(),
                            model.maxSize(),
                            model.steps()));
            present.add(name);
            notes.add(
                    "The map had no rule %s, which pool %s uses: it was made like rule %s"
                            .formatted(name, pool.name(), model.name()));
        }
        return new RuleAdoption(notes.isEmpty() ? imported : builder.build(), notes);
    }

    private static CrushRule model(CrushMap map, Pool pool) {
        int type =
                switch (pool.scheme()) {
                    case PoolScheme.Copies _ -> CrushRule.REPLICATED;
                    case PoolScheme.Fragments _ -> CrushRule.ERASURE;
                };
        return map.rules().stream()
                .filter(rule -> rule.type() == type)
                .findFirst()
                .orElseThrow(
                        () ->
                                new CrushMapException(
                                        "placement map",
                                        "has no rule that pool %s (%s) could use"
                                                .formatted(pool.name(), pool.scheme())));
    }
}
