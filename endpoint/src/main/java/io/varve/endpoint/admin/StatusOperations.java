package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.devices.BackfillProgress;
import io.varve.devices.PoolCapacity;
import io.varve.devices.PoolHealth;
import io.varve.devices.ScrubProgress;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.AuditFindings;
import io.varve.endpoint.site.CompressionCounts;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.site.SiteHealth;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.placement.CrushText;
import io.varve.projections.topology.Device;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** {@code /varve/v1/status}: the whole storage at a glance. */
final class StatusOperations implements AdminEndpoint.Operations {
    private final EmbeddedSite site;

    StatusOperations(EmbeddedSite site) {
        this.site = site;
    }

    @Override
    public @Nullable HttpResponse answer(AdminCall call) {
        if (call.is("GET", "status")) {
            call.operation("GetStatus");
            return status();
        }
        if (call.fits("status")) {
            throw AdminRefusal.methodNotAllowed();
        }
        return null;
    }

    private HttpResponse status() {
        Topology topology = site.topology().current();
        SiteHealth health = site.health();
        ObjectNode answer = Json.object();
        answer.put("ready", health.ready());
        answer.put("fault", health.fault().orElse(""));
        answer.put("low_space", health.lowSpace());
        answer.put("epoch", topology.epoch()).put("map_epoch", topology.mapEpoch());
        counts(answer.putObject("device_counts"), topology, health);
        ArrayNode devices = answer.putArray("devices");
        DeviceDocuments documents =
                new DeviceDocuments(site.topology(), CrushText.parse(topology.map()));
        topology.devices().values().forEach(device -> devices.add(documents.of(device)));
        pools(answer.putArray("pools"), topology);
        return AdminCall.json(200, answer);
    }

    private void pools(ArrayNode documents, Topology topology) {
        Map<Integer, PoolHealth> health = site.poolHealth();
        Map<Integer, PoolCapacity> capacity = site.capacity();
        Map<Integer, BackfillProgress> backfill = site.backfill();
        Map<Integer, List<ScrubProgress>> scrubs = site.scrubs();
        Map<Integer, AuditFindings> audits = site.audit().findings();
        for (Pool pool : topology.pools().values()) {
            ObjectNode document = PoolOperations.document(pool);
            PoolHealth now = health.get(pool.id());
            BackfillProgress progress = backfill.get(pool.id());
            if (now != null && progress != null) {
                ObjectNode figures = document.putObject("health");
                PoolDocuments.health(figures, now);
                PoolDocuments.backfill(figures, progress);
            }
            PoolCapacity room = capacity.get(pool.id());
            if (room != null) {
                PoolDocuments.capacity(document.putObject("capacity"), room);
            }
            AuditFindings audit = audits.get(pool.id());
            if (audit != null) {
                PoolDocuments.audit(document.putObject("audit"), audit);
            }
            CompressionCounts compressed = site.compression().get(pool.id());
            if (compressed != null) {
                compression(document.putObject("compressed"), compressed);
            }
            PoolDocuments.scrubs(
                    document.putArray("scrubs"), scrubs.getOrDefault(pool.id(), List.of()));
            documents.add(document);
        }
    }

    private static void compression(ObjectNode document, CompressionCounts counts) {
        document.put("blobs", counts.blobs()).put("content_bytes", counts.contentBytes());
        document.put("stored_bytes", counts.storedBytes()).put("saved_bytes", counts.savedBytes());
        document.put("incompressible_blobs", counts.incompressible());
    }

    private static void counts(ObjectNode counts, Topology topology, SiteHealth health) {
        counts.put("all", topology.devices().size());
        counts.put("up", topology.devices().values().stream().filter(Device::up).count());
        for (Membership membership : Membership.values()) {
            counts.put(DeviceDocuments.word(membership), topology.count(membership));
        }
        counts.put("needed", health.writableDevicesMin());
    }
}
