package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.devices.PoolCapacity;
import io.varve.devices.Redundancy;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.site.SiteTopology;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.placement.ClusterLayout;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushRule;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code /varve/v1/pools}. */
final class PoolOperations implements AdminEndpoint.Operations {
    /** What both protocols can say in a header. */
    private static final String NO_COMPRESSION = "none";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final EmbeddedSite whole;
    private final SiteTopology site;
    private final TopologyEdits edits;

    PoolOperations(EmbeddedSite site, TopologyEdits edits) {
        this.whole = site;
        this.site = site.topology();
        this.edits = edits;
    }

    @Override
    public @Nullable HttpResponse answer(AdminCall call) throws IOException {
        if (call.is("GET", "pools")) {
            call.operation("ListPools");
            return list();
        }
        if (call.is("POST", "pools")) {
            call.operation("AddPool");
            synchronized (edits) {
                return add(call);
            }
        }
        if (call.is("POST", "pools", "*", "rule")) {
            call.operation("SetPoolRule");
            synchronized (edits) {
                return setRule(call);
            }
        }
        if (call.is("POST", "pools", "*", "compression")) {
            call.operation("SetPoolCompression");
            synchronized (edits) {
                return setCompression(call);
            }
        }
        if (call.fits("pools")
                || call.fits("pools", "*", "rule")
                || call.fits("pools", "*", "compression")) {
            throw AdminRefusal.methodNotAllowed();
        }
        return null;
    }

    private HttpResponse list() {
        ObjectNode answer = Json.object();
        ArrayNode pools = answer.putArray("pools");
        Map<Integer, PoolCapacity> capacity = whole.capacity();
        for (Pool pool : site.current().pools().values()) {
            ObjectNode document = document(pool);
            PoolCapacity room = capacity.get(pool.id());
            if (room != null) {
                PoolDocuments.capacity(document, room);
            }
            pools.add(document);
        }
        return AdminCall.json(200, answer);
    }

    static ObjectNode document(Pool pool) {
        PutPool put = pool.put();
        ObjectNode document = Json.object().put("id", pool.id()).put("name", pool.name());
        document.put("rule", put.rule()).put("scheme", pool.scheme().toString());
        switch (pool.scheme()) {
            case PoolScheme.Copies(int count) -> document.put("copies", count);
            case PoolScheme.Fragments(int data, int parity) ->
                    document.put("data_fragments", data).put("parity_fragments", parity);
        }
        document.put("min_copies", put.minCopies());
        document.put("class", put.deviceClass()).put("compression", put.compression());
        document.put("added", DeviceDocuments.time(pool.addedMicros()));
        return document;
    }

    /** Without a rule of its own it gets one, over hosts and of its class of devices. */
    private HttpResponse add(AdminCall call) throws IOException {
        AdminDocument wanted = call.document();
        wanted.requireOnly(
                "name",
                "scheme",
                "min_copies",
                "class",
                "rule",
                "over_devices",
                "compression",
                "force");
        Topology topology = edits.current();
        String name = wanted.text("name");
        if (!NAME.matcher(name).matches()) {
            throw AdminRefusal.badRequest("name is not made of letters, digits, '_' and '-'");
        }
        if (topology.poolNamed(name).isPresent()) {
            throw AdminRefusal.conflict("There is a pool %s already.".formatted(name));
        }
        Redundancy scheme = Redundancy.parse(wanted.text("scheme"));
        PoolScheme kept = scheme(scheme);
        String deviceClass = wanted.text("class", "");
        CrushMap before = edits.map();
        String ruleName = wanted.text("rule", "pool_" + name);
        CrushMap after =
                before.rule(ruleName).isPresent()
                        ? before
                        : withRule(wanted, before, ruleName, deviceClass, kept);
        int id = topology.pools().lastKey() + 1;
        int min = (int) wanted.number("min_copies", scheme.min(), scheme.width());
        Redundancy _ = scheme.withMin(min);
        PutPool put =
                new PutPool(id, name, ruleName, kept, min, deviceClass, compression(wanted, ""), 0);
        int undersized =
                PlacementOperations.undersized(
                        new Pool(put, 0, 0),
                        SiteTopology.homes(topology, after, new Pool(put, 0, 0)));
        if (undersized > 0 && !wanted.flag("force")) {
            throw AdminRefusal.conflict(
                    "For %d placement groups rule %s finds fewer than %d devices. Nothing changed."
                            .formatted(undersized, ruleName, kept.width()));
        }
        edits.place(call, topology.mapEpoch(), after);
        edits.make(call, put, "pool " + name);
        edits.settle();
        ObjectNode answer = Json.object();
        Pool made =
                site.current()
                        .poolNamed(name)
                        .orElseThrow(() -> AdminRefusal.notFound("pool " + name));
        answer.set("pool", document(made));
        return AdminCall.json(201, answer);
    }

    /** As records have it: none is empty. */
    static String compression(AdminDocument wanted, String before) {
        String text = wanted.text("compression", before.isEmpty() ? NO_COMPRESSION : before);
        if (!text.equals(NO_COMPRESSION) && !text.equals("zstd")) {
            throw AdminRefusal.badRequest("compression is neither zstd nor none: " + text);
        }
        return text.equals(NO_COMPRESSION) ? "" : text;
    }

    private static PoolScheme scheme(Redundancy redundancy) {
        return switch (redundancy) {
            case Redundancy.Copies copies -> new PoolScheme.Copies(copies.copies());
            case Redundancy.Erasure erasure ->
                    new PoolScheme.Fragments(erasure.dataShards(), erasure.parityShards());
        };
    }

    private static CrushMap withRule(
            AdminDocument wanted,
            CrushMap map,
            String name,
            String deviceClass,
            PoolScheme scheme) {
        if (wanted.has("rule")) {
            throw AdminRefusal.badRequest("The placement map has no rule " + name);
        }
        int id = map.rules().stream().mapToInt(CrushRule::id).max().orElse(-1) + 1;
        int rootId = MapPlaces.root(map).id();
        int type = wanted.flag("over_devices") ? 0 : MapPlaces.type(map, "host");
        String only = deviceClass.isEmpty() ? null : deviceClass;
        CrushRule rule =
                switch (scheme) {
                    case PoolScheme.Copies _ -> ClusterLayout.copies(id, name, rootId, only, type);
                    case PoolScheme.Fragments _ ->
                            ClusterLayout.fragments(id, name, rootId, only, type);
                };
        return map.toBuilder().rule(rule).build();
    }

    /** Counts for what is written from then on. */
    private HttpResponse setCompression(AdminCall call) throws IOException {
        AdminDocument wanted = call.document();
        wanted.requireOnly("compression");
        String name = call.part(1);
        Pool pool =
                edits.current()
                        .poolNamed(name)
                        .orElseThrow(() -> AdminRefusal.notFound("pool " + name));
        PutPool before = pool.put();
        edits.make(
                call,
                new PutPool(
                        pool.id(),
                        pool.name(),
                        before.rule(),
                        pool.scheme(),
                        before.minCopies(),
                        before.deviceClass(),
                        compression(wanted, before.compression()),
                        pool.position()),
                "pool " + name);
        ObjectNode answer = Json.object();
        Pool after =
                edits.current()
                        .poolNamed(name)
                        .orElseThrow(() -> AdminRefusal.notFound("pool " + name));
        answer.set("pool", document(after));
        return AdminCall.json(200, answer);
    }

    /** A rule that cannot place all copies is refused unless forced. */
    private HttpResponse setRule(AdminCall call) throws IOException {
        AdminDocument wanted = call.document();
        wanted.requireOnly("rule", "force", "dry_run");
        Topology topology = edits.current();
        String name = call.part(1);
        Pool pool =
                topology.poolNamed(name).orElseThrow(() -> AdminRefusal.notFound("pool " + name));
        PutPool before = pool.put();
        PutPool put =
                new PutPool(
                        pool.id(),
                        pool.name(),
                        wanted.text("rule"),
                        pool.scheme(),
                        before.minCopies(),
                        before.deviceClass(),
                        before.compression(),
                        pool.position());
        CrushMap map = edits.map();
        Pool after = new Pool(put, pool.addedMicros(), pool.position());
        ObjectNode movement =
                PlacementOperations.movement(
                        pool,
                        SiteTopology.homes(topology, map, pool),
                        SiteTopology.homes(topology, map, after));
        int undersized = movement.get("undersized_groups").intValue();
        if (undersized > 0 && !wanted.flag("force") && !wanted.flag("dry_run")) {
            throw AdminRefusal.conflict(
                    "For %d placement groups rule %s finds fewer than %d devices. Nothing changed."
                            .formatted(undersized, put.rule(), pool.scheme().width()));
        }
        if (!wanted.flag("dry_run")) {
            edits.make(call, put, "pool " + name);
            edits.settle();
        }
        ObjectNode answer = Json.object();
        answer.putArray("pools").add(movement);
        return AdminCall.json(200, answer);
    }
}
