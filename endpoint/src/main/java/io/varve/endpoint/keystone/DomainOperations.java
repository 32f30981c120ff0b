package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.varve.endpoint.identity.Founding;
import io.varve.endpoint.identity.Ids;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.IdentityChange;
import io.varve.projections.identity.Domain;

import java.io.IOException;

/** {@code /v3/domains}. */
final class DomainOperations {

    void addTo(Routes routes) {
        routes.add("POST", "/v3/domains", "CreateDomain", this::create)
                .add("GET", "/v3/domains", "ListDomains", this::list)
                .add("GET", "/v3/domains/{}", "GetDomain", this::show)
                .add("PATCH", "/v3/domains/{}", "UpdateDomain", this::update)
                .add("DELETE", "/v3/domains/{}", "DeleteDomain", this::delete);
    }

    static Domain find(Call call, String id) {
        return call.view().domain(id).orElseThrow(() -> KeystoneRefusal.notFound("domain", id));
    }

    private HttpResponse create(Call call) throws IOException {
        call.requireAdmin("create_domain");
        JsonNode body = call.body("domain");
        String id = Ids.draw();
        String name = Texts.required(body, "name");
        call.change(
                new IdentityChange.PutDomain(
                        id,
                        name,
                        Texts.or(body, "description", ""),
                        Texts.flag(body, "enabled", true),
                        0),
                "domain",
                name);
        return call.member(201, "domain", Documents.domain(find(call, id), call.urls()));
    }

    private HttpResponse list(Call call) {
        call.requireAdmin("list_domains");
        ArrayNode list = Json.array();
        for (Domain domain : call.view().domains()) {
            if (call.query().admits("name", domain.name())
                    && call.query().admits("enabled", domain.enabled())) {
                list.add(Documents.domain(domain, call.urls()));
            }
        }
        return call.list("domains", list);
    }

    private HttpResponse show(Call call) {
        String id = call.parameter(0);
        if (!call.access().user().domainId().equals(id)) {
            call.requireAdmin("get_domain");
        }
        return call.member(200, "domain", Documents.domain(find(call, id), call.urls()));
    }

    private HttpResponse update(Call call) throws IOException {
        call.requireAdmin("update_domain");
        JsonNode body = call.body("domain");
        Domain before = find(call, call.parameter(0));
        String name = Texts.or(body, "name", before.name());
        boolean enabled = Texts.flag(body, "enabled", before.enabled());
        if (!enabled && before.id().equals(Founding.DEFAULT_DOMAIN)) {
            throw KeystoneRefusal.forbidden("the default domain cannot be disabled");
        }
        call.change(
                new IdentityChange.PutDomain(
                        before.id(),
                        name,
                        Texts.or(body, "description", before.description()),
                        enabled,
                        before.position()),
                "domain",
                name);
        return call.member(200, "domain", Documents.domain(find(call, before.id()), call.urls()));
    }

    private HttpResponse delete(Call call) {
        call.requireAdmin("delete_domain");
        String id = call.parameter(0);
        call.change(new IdentityChange.Remove(IdentityChange.Kind.DOMAIN, id), "domain", id);
        return call.noContent();
    }
}
