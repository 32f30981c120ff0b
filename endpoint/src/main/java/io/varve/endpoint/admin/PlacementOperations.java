package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.SiteTopology;
import io.varve.placement.CrushDevice;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushText;
import io.varve.placement.FailureDomain;
import io.varve.placement.MovementAnalysis;
import io.varve.placement.PlacementMap;
import io.varve.placement.ReplicaSet;
import io.varve.placement.Weight;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code /varve/v1/placement}: the map itself. */
final class PlacementOperations implements AdminEndpoint.Operations {
    private final SiteTopology site;
    private final TopologyEdits edits;

    PlacementOperations(SiteTopology site, TopologyEdits edits) {
        this.site = site;
        this.edits = edits;
    }

    @Override
    public @Nullable HttpResponse answer(AdminCall call) throws IOException {
        if (call.is("GET", "placement")) {
            call.operation("GetPlacement");
            return show();
        }
        if (call.is("PUT", "placement")) {
            call.operation("ImportPlacement");
            synchronized (edits) {
                return put(call);
            }
        }
        if (call.is("POST", "placement", "analyze")) {
            call.operation("AnalyzePlacement");
            return analyze(call);
        }
        if (call.fits("placement") || call.fits("placement", "analyze")) {
            throw AdminRefusal.methodNotAllowed();
        }
        return null;
    }

    private HttpResponse show() {
        Topology topology = site.current();
        CrushMap map = CrushText.parse(topology.map());
        ObjectNode answer = Json.object();
        answer.put("epoch", topology.epoch()).put("map_epoch", topology.mapEpoch());
        answer.put("map", topology.map());
        ArrayNode rules = answer.putArray("rules");
        map.rules()
                .forEach(rule -> rules.addObject().put("id", rule.id()).put("name", rule.name()));
        ArrayNode domains = answer.putArray("domains");
        for (FailureDomain domain : map.domains()) {
            ObjectNode shown = domains.addObject().put("name", domain.name());
            shown.put("type", typeName(map, domain.typeId()));
            shown.put("weight", domain.weight().toDouble());
            ArrayNode items = shown.putArray("items");
            for (FailureDomain.Item item : domain.items()) {
                items.add(itemName(map, item.id()));
            }
        }
        return AdminCall.json(200, answer);
    }

    private static String typeName(CrushMap map, int typeId) {
        return map.types().stream()
                .filter(type -> type.id() == typeId)
                .map(type -> type.name())
                .findFirst()
                .orElse(String.valueOf(typeId));
    }

    private static String itemName(CrushMap map, int id) {
        if (id >= 0) {
            return map.device(id).map(CrushDevice::name).orElse(String.valueOf(id));
        }
        return map.domains().stream()
                .filter(domain -> domain.id() == id)
                .map(FailureDomain::name)
                .findFirst()
                .orElse(String.valueOf(id));
    }

    private HttpResponse put(AdminCall call) throws IOException {
        AdminDocument wanted = call.document();
        wanted.requireOnly("map", "map_epoch", "force");
        Topology topology = edits.current();
        long epoch = wanted.number("map_epoch", topology.mapEpoch(), Long.MAX_VALUE);
        CrushMap before = edits.map();
        RuleAdoption adoption = RuleAdoption.of(topology, CrushText.parse(wanted.text("map")));
        List<String> problems = problems(topology, adoption.map());
        if (!problems.isEmpty() && !wanted.flag("force")) {
            throw AdminRefusal.conflict(
                    String.join("; ", problems)
                            + ". Nothing was changed; force it if it is meant.");
        }
        ObjectNode answer = movement(topology, before, adoption.map());
        edits.place(call, epoch, adoption.map());
        edits.settle();
        ArrayNode notes = answer.putArray("notes");
        adoption.notes().forEach(notes::add);
        problems.forEach(notes::add);
        answer.put("map_epoch", site.current().mapEpoch());
        return AdminCall.json(200, answer);
    }

    private HttpResponse analyze(AdminCall call) throws IOException {
        AdminDocument wanted = call.document();
        wanted.requireOnly("map");
        Topology topology = site.current();
        CrushMap before = CrushText.parse(topology.map());
        RuleAdoption adoption = RuleAdoption.of(topology, CrushText.parse(wanted.text("map")));
        ObjectNode answer = movement(topology, before, adoption.map());
        ArrayNode notes = answer.putArray("notes");
        adoption.notes().forEach(notes::add);
        problems(topology, adoption.map()).forEach(notes::add);
        return AdminCall.json(200, answer);
    }

    /** What of each pool's copies the change of the map moves. */
    static ObjectNode movement(Topology topology, CrushMap before, CrushMap after) {
        ObjectNode answer = Json.object();
        ArrayNode pools = answer.putArray("pools");
        for (Pool pool : topology.pools().values()) {
            pools.add(
                    movement(
                            pool,
                            SiteTopology.homes(topology, before, pool),
                            SiteTopology.homes(topology, after, pool)));
        }
        return answer;
    }

    static ObjectNode movement(Pool pool, PlacementMap before, PlacementMap after) {
        MovementAnalysis analysis = MovementAnalysis.of(pool.name(), before, after);
        ObjectNode shown = Json.object().put("pool", pool.name());
        shown.put("placement_groups", after.groups().count());
        shown.put("copies", analysis.replicas()).put("moved", analysis.moved());
        shown.put("moved_share", analysis.movedShare());
        shown.put("optimum_share", analysis.optimumShare());
        shown.put("ratio", Double.isFinite(analysis.ratio()) ? analysis.ratio() : -1);
        shown.put("undersized_groups", undersized(pool, after));
        return shown;
    }

    static int undersized(Pool pool, PlacementMap map) {
        int count = 0;
        for (int group = 0; group < map.groups().count(); group++) {
            ReplicaSet set = map.ofGroup(group);
            if (set.present().length < pool.scheme().width()) {
                count++;
            }
        }
        return count;
    }

    /** What an operator may not have meant. */
    private static List<String> problems(Topology topology, CrushMap map) {
        List<String> problems = new ArrayList<>();
        for (CrushDevice device : map.devices()) {
            boolean weighs =
                    MapPlaces.weight(map, device.id())
                            .filter(weight -> weight.compareTo(Weight.ZERO) > 0)
                            .isPresent();
            if (weighs && topology.device(device.id()).isEmpty()) {
                problems.add(
                        "The map gives weight to %s (number %d), which the site does not have"
                                .formatted(device.name(), device.id()));
            }
        }
        for (int id : topology.devices().keySet()) {
            if (map.device(id).isEmpty()) {
                problems.add("Device %d is not in the map, so it would be emptied".formatted(id));
            }
        }
        for (Pool pool : topology.pools().values()) {
            int undersized = undersized(pool, SiteTopology.homes(topology, map, pool));
            if (undersized > 0) {
                problems.add(
                        "For %d placement groups of pool %s the map finds fewer than %d devices"
                                .formatted(undersized, pool.name(), pool.scheme().width()));
            }
        }
        return problems;
    }
}
