package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.devices.PoolCapacity;
import io.varve.devices.Redundancy;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.site.PoolContents;
import io.varve.endpoint.site.SiteTopology;
import io.varve.endpoint.store.StoreException;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.journal.record.TopologyChange.RemovePool;
import io.varve.placement.ClusterLayout;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushRule;
import io.varve.placement.PlacementMap;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code /varve/v1/pools}. */
final class PoolOperations implements AdminEndpoint.Operations {
    private static final String NO_COMPRESSION = "none";

    /** What both protocols can say in a header. */
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
        if (call.is("POST", "pools", "*")) {
            call.operation("ChangePool");
            synchronized (edits) {
                return change(call);
            }
        }
        if (call.is("DELETE", "pools", "*")) {
            call.operation("RemovePool");
            synchronized (edits) {
                return remove(call);
            }
        }
        if (call.fits("pools") || call.fits("pools", "*")) {
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
        ArrayNode otherNames = document.putArray("other_names");
        put.options().otherNames().forEach(otherNames::add);
        if (pool.scheme() instanceof PoolScheme.Fragments) {
            document.put("small_bytes", SiteTopology.copiedBytesMax(pool));
        }
        document.put("closed", pool.closed());
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
        requireName(name);
        if (topology.poolCalled(name).isPresent()) {
            throw AdminRefusal.conflict("There is a pool %s already.".formatted(name));
        }
        Redundancy scheme = Redundancy.parse(wanted.text("scheme"));
        PoolScheme kept = scheme(scheme);
        String deviceClass = wanted.text("class", "");
        CrushMap before = edits.map();
        String ruleName = wanted.text("rule", ruleNameOf(name));
        CrushMap after =
                before.rule(ruleName).isPresent()
                        ? before
                        : withRule(wanted, before, ruleName, deviceClass, kept);
        int id = topology.freePoolId();
        int min = (int) wanted.number("min_copies", scheme.min(), scheme.width());
        Redundancy _ = scheme.withMin(min);
        PutPool put =
                new PutPool(id, name, ruleName, kept, min, deviceClass, compression(wanted, ""), 0);
        int undersized =
                PlacementOperations.undersized(
                        new Pool(put, 0, 0),
                        SiteTopology.homes(topology, after, new Pool(put, 0, 0)));
        if (undersized > 0 && !wanted.flag("force")) {
            throw unplaced(undersized, put);
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

    static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw AdminRefusal.badRequest(
                    "a name is made of letters, digits, '_' and '-', up to 64 of them: " + name);
        }
    }

    private static AdminRefusal unplaced(int undersized, PutPool put) {
        return AdminRefusal.conflict(
                "For %d placement groups rule %s finds fewer than %d devices. Nothing changed."
                        .formatted(undersized, put.rule(), put.scheme().width()));
    }

    /** As records have it: none is empty. */
    static String compression(AdminDocument wanted, String before) {
        String text = wanted.text("compression", before.isEmpty() ? NO_COMPRESSION : before);
        if (!text.equals(NO_COMPRESSION) && !text.equals("zstd")) {
            throw AdminRefusal.badRequest("compression is neither zstd nor none: " + text);
        }
        return text.equals(NO_COMPRESSION) ? "" : text;
    }

    static PoolScheme scheme(Redundancy redundancy) {
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

    private HttpResponse change(AdminCall call) throws IOException {
        AdminDocument wanted = call.document();
        Pool pool = pool(call);
        Topology topology = edits.current();
        CrushMap map = edits.map();
        PoolChange change = PoolChange.of(pool, wanted, map);
        ObjectNode answer = Json.object();
        if (change.moves()) {
            Pool after = new Pool(change.put(), pool.addedMicros(), pool.position());
            PlacementMap homes = SiteTopology.homes(topology, map, after);
            int undersized = PlacementOperations.undersized(after, homes);
            if (undersized > 0 && !wanted.flag("force") && !wanted.flag("dry_run")) {
                throw unplaced(undersized, change.put());
            }
            if (after.scheme().equals(pool.scheme())) {
                PlacementMap before = SiteTopology.homes(topology, map, pool);
                answer.putArray("pools").add(PlacementOperations.movement(pool, before, homes));
            }
        }
        if (!wanted.flag("dry_run")) {
            edits.make(call, change.put(), "pool " + change.put().name());
            edits.settle();
        }
        answer.set("pool", document(edits.current().pool(pool.id()).orElse(pool)));
        return AdminCall.json(200, answer);
    }

    private Pool pool(AdminCall call) {
        String name = call.part(1);
        return edits.current()
                .poolNamed(name)
                .orElseThrow(() -> AdminRefusal.notFound("pool " + name));
    }

    /**
     * First it is closed, so that nothing can come to it any more, then it is looked for what is in
     * it. If there is something the pool is as it was.
     */
    private HttpResponse remove(AdminCall call) {
        Pool pool = pool(call);
        if (pool.id() == Pool.DEFAULT_ID) {
            throw AdminRefusal.conflict(
                    "Pool %s is the default pool: objects that ask for no class are in it."
                            .formatted(pool.name()));
        }
        if (!whole.replica().writable()) {
            throw AdminRefusal.conflict(
                    "This site follows another one, and keeps a pool for each of its pools.");
        }
        requireNoHindrance(pool, whole.poolContents().hindrance(pool));
        boolean closed = pool.closed();
        if (!closed) {
            edits.make(call, PoolChange.closed(pool, true), "pool " + pool.name());
            edits.settle();
        }
        try {
            removeClosed(call, pool(call));
        } catch (AdminRefusal | StoreException refusal) {
            if (!closed) {
                edits.make(call, PoolChange.closed(pool(call), false), "pool " + pool.name());
            }
            throw refusal;
        }
        dropRule(call, pool);
        edits.settle();
        return AdminCall.json(200, Json.object().put("removed", pool.name()).put("id", pool.id()));
    }

    private void removeClosed(AdminCall call, Pool pool) {
        PoolContents contents = whole.poolContents();
        requireNoHindrance(pool, contents.hindrance(pool));
        long named = contents.named(pool);
        if (named > 0) {
            requireNoHindrance(
                    pool,
                    "The journal names %d blobs that no device has: varve device audit"
                            .formatted(named));
        }
        edits.make(call, new RemovePool(pool.id(), pool.position()), "pool " + pool.name());
    }

    private static void requireNoHindrance(Pool pool, @Nullable String hindrance) {
        if (hindrance != null) {
            throw AdminRefusal.conflict(
                    "Pool %s cannot be removed. %s".formatted(pool.name(), hindrance));
        }
    }

    /** The rule that was made with the pool: another pool of the name may want another one. */
    private void dropRule(AdminCall call, Pool pool) {
        String rule = pool.put().rule();
        Topology topology = edits.current();
        boolean used =
                topology.pools().values().stream()
                        .anyMatch(other -> other.put().rule().equals(rule));
        if (!used && rule.equals(ruleNameOf(pool.name()))) {
            CrushMap map = edits.map().toBuilder().withoutRule(rule).build();
            edits.place(call, topology.mapEpoch(), map);
        }
    }

    private static String ruleNameOf(String pool) {
        return "pool_" + pool;
    }
}
