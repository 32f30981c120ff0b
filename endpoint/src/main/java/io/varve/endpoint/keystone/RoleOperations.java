package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.identity.Ids;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.RoleScope;
import io.varve.projections.identity.Domain;
import io.varve.projections.identity.Grant;
import io.varve.projections.identity.IdentityView;
import io.varve.projections.identity.Project;
import io.varve.projections.identity.Role;
import io.varve.projections.identity.User;

import java.io.IOException;
import java.util.function.Function;

/** {@code /v3/roles}, who has which, and {@code /v3/role_assignments}. */
final class RoleOperations {

    void addTo(Routes routes) {
        routes.add("POST", "/v3/roles", "CreateRole", this::create)
                .add("GET", "/v3/roles", "ListRoles", this::list)
                .add("GET", "/v3/roles/{}", "GetRole", this::show)
                .add("PATCH", "/v3/roles/{}", "UpdateRole", this::update)
                .add("DELETE", "/v3/roles/{}", "DeleteRole", this::delete)
                .add("GET", "/v3/role_assignments", "ListRoleAssignments", this::assignments);
        addGrants(routes, "/v3/projects/{}/users/{}/roles", call -> project(call));
        addGrants(routes, "/v3/domains/{}/users/{}/roles", call -> domain(call));
        addGrants(routes, "/v3/system/users/{}/roles", call -> new Target(RoleScope.SYSTEM, 0));
    }

    /**
     * @param scope what the role is on
     * @param next where in the path's variables the user stands; the role stands behind
     */
    private record Target(RoleScope scope, int next) {}

    private static Target project(Call call) {
        return new Target(
                RoleScope.project(ProjectOperations.find(call, call.parameter(0)).id()), 1);
    }

    private static Target domain(Call call) {
        return new Target(RoleScope.domain(DomainOperations.find(call, call.parameter(0)).id()), 1);
    }

    private static void addGrants(Routes routes, String path, Function<Call, Target> target) {
        routes.add("GET", path, "ListGrants", call -> grants(call, target.apply(call)))
                .add("PUT", path + "/{}", "Grant", call -> grant(call, target.apply(call)))
                .add("HEAD", path + "/{}", "CheckGrant", call -> check(call, target.apply(call)))
                .add(
                        "DELETE",
                        path + "/{}",
                        "Withdraw",
                        call -> withdraw(call, target.apply(call)));
    }

    static Role find(Call call, String id) {
        return call.view().role(id).orElseThrow(() -> KeystoneRefusal.notFound("role", id));
    }

    private HttpResponse create(Call call) throws IOException {
        call.requireAdmin("create_role");
        JsonNode body = call.body("role");
        if (Texts.optional(body, "domain_id") != null) {
            throw KeystoneRefusal.badRequest("A role cannot belong to a domain here.");
        }
        String id = Ids.draw();
        String name = Texts.required(body, "name");
        call.change(
                new IdentityChange.PutRole(id, name, Texts.or(body, "description", ""), 0),
                "role",
                name);
        return call.member(201, "role", Documents.role(find(call, id), call.urls()));
    }

    /** Everybody may see the names: whoever makes an application credential needs them. */
    private HttpResponse list(Call call) {
        call.access();
        ArrayNode list = Json.array();
        for (Role role : call.view().roles()) {
            // Roles of a domain, which this asks for, there are none.
            if (call.query().admits("name", role.name()) && !call.query().has("domain_id")) {
                list.add(Documents.role(role, call.urls()));
            }
        }
        return call.list("roles", list);
    }

    private HttpResponse show(Call call) {
        call.access();
        Role role = find(call, call.parameter(0));
        return call.member(200, "role", Documents.role(role, call.urls()));
    }

    private HttpResponse update(Call call) throws IOException {
        call.requireAdmin("update_role");
        JsonNode body = call.body("role");
        Role before = find(call, call.parameter(0));
        String name = Texts.or(body, "name", before.name());
        call.change(
                new IdentityChange.PutRole(
                        before.id(),
                        name,
                        Texts.or(body, "description", before.description()),
                        before.position()),
                "role",
                name);
        return call.member(200, "role", Documents.role(find(call, before.id()), call.urls()));
    }

    private HttpResponse delete(Call call) {
        call.requireAdmin("delete_role");
        String id = call.parameter(0);
        call.change(new IdentityChange.Remove(IdentityChange.Kind.ROLE, id), "role", id);
        return call.noContent();
    }

    private static HttpResponse grants(Call call, Target target) {
        String userId = call.parameter(target.next());
        call.requireSelfOrAdmin(userId, "list_grants");
        Ec2Operations.requireUser(call, userId);
        ArrayNode list = Json.array();
        for (Grant grant : call.view().grantsOf(userId)) {
            if (grant.scope().equals(target.scope())) {
                call.view()
                        .role(grant.roleId())
                        .ifPresent(role -> list.add(Documents.role(role, call.urls())));
            }
        }
        return call.list("roles", list);
    }

    private static HttpResponse grant(Call call, Target target) {
        call.requireAdmin("create_grant");
        String userId = UserOperations.find(call, call.parameter(target.next())).id();
        String roleId = find(call, call.parameter(target.next() + 1)).id();
        call.change(new IdentityChange.GrantRole(userId, target.scope(), roleId), "role", roleId);
        return call.noContent();
    }

    private static HttpResponse check(Call call, Target target) {
        call.requireAdmin("check_grant");
        Grant grant =
                new Grant(
                        call.parameter(target.next()),
                        target.scope(),
                        call.parameter(target.next() + 1));
        if (!call.view().grantsOf(grant.userId()).contains(grant)) {
            throw KeystoneRefusal.notFound("role assignment", grant.roleId());
        }
        return call.noContent();
    }

    private static HttpResponse withdraw(Call call, Target target) {
        call.requireAdmin("revoke_grant");
        String roleId = call.parameter(target.next() + 1);
        call.change(
                new IdentityChange.WithdrawRole(
                        call.parameter(target.next()), target.scope(), roleId),
                "role",
                roleId);
        return call.noContent();
    }

    private HttpResponse assignments(Call call) {
        Query query = call.query();
        String userId = query.get("user.id");
        // One's own are no secret; all of them are.
        if (userId == null || !userId.equals(call.access().user().id())) {
            call.requireAdmin("list_role_assignments");
        }
        boolean names = query.flag("include_names");
        ArrayNode list = Json.array();
        if (!query.has("group.id")) {
            for (Grant grant :
                    userId == null ? call.view().grants() : call.view().grantsOf(userId)) {
                if (query.admits("role.id", grant.roleId()) && admits(query, grant.scope())) {
                    list.add(assignment(call, grant, names));
                }
            }
        }
        return call.list("role_assignments", list);
    }

    private static boolean admits(Query query, RoleScope scope) {
        RoleScope.Kind kind = scope.kind();
        if (query.has("scope.project.id")) {
            return kind == RoleScope.Kind.PROJECT && query.admits("scope.project.id", scope.id());
        }
        if (query.has("scope.domain.id")) {
            return kind == RoleScope.Kind.DOMAIN && query.admits("scope.domain.id", scope.id());
        }
        return !query.has("scope.system") || kind == RoleScope.Kind.SYSTEM;
    }

    private static ObjectNode assignment(Call call, Grant grant, boolean names) {
        IdentityView view = call.view();
        ObjectNode node = Json.object();
        ObjectNode role = node.putObject("role").put("id", grant.roleId());
        ObjectNode user = node.putObject("user").put("id", grant.userId());
        if (names) {
            role.put("name", view.role(grant.roleId()).map(Role::name).orElse(""));
            view.user(grant.userId()).ifPresent(found -> named(call, user, found));
        }
        ObjectNode scope = node.putObject("scope");
        switch (grant.scope().kind()) {
            case SYSTEM -> scope.putObject("system").put("all", true);
            case DOMAIN -> {
                ObjectNode domain = scope.putObject("domain").put("id", grant.scope().id());
                if (names) {
                    domain.put("name", domainName(view, grant.scope().id()));
                }
            }
            case PROJECT -> {
                ObjectNode project = scope.putObject("project").put("id", grant.scope().id());
                Project found = view.project(grant.scope().id()).orElse(null);
                if (names && found != null) {
                    project.put("name", found.name());
                    project.putObject("domain")
                            .put("id", found.domainId())
                            .put("name", domainName(view, found.domainId()));
                }
            }
        }
        node.putObject("links").put("assignment", call.urls().identity() + "/role_assignments");
        return node;
    }

    private static void named(Call call, ObjectNode node, User user) {
        node.put("name", user.name());
        node.putObject("domain")
                .put("id", user.domainId())
                .put("name", domainName(call.view(), user.domainId()));
    }

    private static String domainName(IdentityView view, String id) {
        return view.domain(id).map(Domain::name).orElse("");
    }
}
