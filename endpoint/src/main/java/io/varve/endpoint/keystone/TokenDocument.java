package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.identity.Access;
import io.varve.endpoint.identity.Token;
import io.varve.endpoint.json.Json;
import io.varve.journal.record.RoleScope;
import io.varve.projections.identity.Domain;
import io.varve.projections.identity.Project;
import io.varve.projections.identity.Role;

import java.util.Locale;

/** What a token says, for its holder and for services that ask. */
final class TokenDocument {
    private final Catalog catalog;

    TokenDocument(Catalog catalog) {
        this.catalog = catalog;
    }

    ObjectNode of(Access access, Urls urls, boolean withCatalog) {
        Token token = access.token();
        ObjectNode node = Json.object();
        ArrayNode methods = node.putArray("methods");
        token.methods().stream()
                .map(method -> method.name().toLowerCase(Locale.ROOT))
                .sorted()
                .forEach(methods::add);
        ObjectNode user = node.putObject("user");
        domain(user, access.userDomain());
        user.put("id", access.user().id());
        user.put("name", access.user().name());
        user.putNull("password_expires_at");
        ArrayNode auditIds = node.putArray("audit_ids");
        token.auditIds().forEach(auditIds::add);
        node.put("expires_at", Texts.time(token.expiresAt()));
        node.put("issued_at", Texts.time(token.issuedAt()));
        scope(node, access);
        RoleScope scope = token.scope();
        if (scope != null) {
            ArrayNode roles = node.putArray("roles");
            for (Role role : access.roles()) {
                roles.addObject().put("id", role.id()).put("name", role.name());
            }
            if (withCatalog) {
                Project project = access.project();
                node.set("catalog", catalog.services(urls, project == null ? null : project.id()));
            }
        }
        return Json.object().set("token", node);
    }

    private static void scope(ObjectNode node, Access access) {
        Project project = access.project();
        Domain projectDomain = access.projectDomain();
        if (project != null && projectDomain != null) {
            ObjectNode scoped = node.putObject("project");
            domain(scoped, projectDomain);
            scoped.put("id", project.id()).put("name", project.name());
            node.put("is_domain", false);
        }
        Domain domain = access.scopeDomain();
        if (domain != null) {
            domain(node, domain);
        }
        RoleScope scope = access.token().scope();
        if (scope != null && scope.kind() == RoleScope.Kind.SYSTEM) {
            node.putObject("system").put("all", true);
        }
        String credential = access.token().applicationCredentialId();
        if (!credential.isEmpty()) {
            node.putObject("application_credential")
                    .put("id", credential)
                    .put("restricted", !access.mayManageCredentials());
        }
    }

    private static void domain(ObjectNode node, Domain domain) {
        node.putObject("domain").put("id", domain.id()).put("name", domain.name());
    }
}
