package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.AuditFindings;
import io.varve.endpoint.site.AuditStatus;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.projections.topology.Pool;

import org.jspecify.annotations.Nullable;

/** {@code /varve/v1/audit}: what the journal names against what the devices hold. */
final class AuditOperations implements AdminEndpoint.Operations {
    private final EmbeddedSite site;

    AuditOperations(EmbeddedSite site) {
        this.site = site;
    }

    @Override
    public @Nullable HttpResponse answer(AdminCall call) {
        if (call.is("GET", "audit")) {
            call.operation("GetAudit");
            return shown(200);
        }
        if (call.is("POST", "audit")) {
            call.operation("StartAudit");
            site.startAudit();
            return shown(202);
        }
        if (call.fits("audit")) {
            throw AdminRefusal.methodNotAllowed();
        }
        return null;
    }

    private HttpResponse shown(int code) {
        AuditStatus status = site.audit();
        ObjectNode answer = Json.object();
        answer.put("running", status.running()).put("progress", status.progress());
        ArrayNode pools = answer.putArray("pools");
        for (Pool pool : site.topology().current().pools().values()) {
            ObjectNode document = pools.addObject().put("pool", pool.name());
            AuditFindings found = status.findings().get(pool.id());
            if (found != null) {
                PoolDocuments.audit(document, found);
                PoolDocuments.lost(document, found);
            }
        }
        return AdminCall.json(code, answer);
    }
}
