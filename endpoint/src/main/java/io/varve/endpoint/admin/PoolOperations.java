package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.SiteTopology;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.placement.CrushMap;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** {@code /varve/v1/pools}. */
final class PoolOperations implements AdminEndpoint.Operations {
    private final SiteTopology site;
    private final TopologyEdits edits;

    PoolOperations(SiteTopology site, TopologyEdits edits) {
        this.site = site;
        this.edits = edits;
    }

    @Override
    public @Nullable HttpResponse answer(AdminCall call) throws IOException {
        if (call.is("GET", "pools")) {
            call.operation("ListPools");
            return list();
        }
        if (call.is("POST", "pools", "*", "rule")) {
            call.operation("SetPoolRule");
            synchronized (edits) {
                return setRule(call);
            }
        }
        if (call.fits("pools") || call.fits("pools", "*", "rule")) {
            throw AdminRefusal.methodNotAllowed();
        }
        return null;
    }

    private HttpResponse list() {
        ObjectNode answer = Json.object();
        ArrayNode pools = answer.putArray("pools");
        site.current().pools().values().forEach(pool -> pools.add(document(pool)));
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
