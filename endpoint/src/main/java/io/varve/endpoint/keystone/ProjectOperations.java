package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.varve.endpoint.identity.Founding;
import io.varve.endpoint.identity.Ids;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.RoleScope;
import io.varve.projections.identity.Grant;
import io.varve.projections.identity.Project;

import java.io.IOException;

/** {@code /v3/projects}, and the projects of a user. */
final class ProjectOperations {

    void addTo(Routes routes) {
        routes.add("POST", "/v3/projects", "CreateProject", this::create)
                .add("GET", "/v3/projects", "ListProjects", this::list)
                .add("GET", "/v3/projects/{}", "GetProject", this::show)
                .add("PATCH", "/v3/projects/{}", "UpdateProject", this::update)
                .add("DELETE", "/v3/projects/{}", "DeleteProject", this::delete)
                .add("GET", "/v3/users/{}/projects", "ListUserProjects", this::ofUser);
    }

    static Project find(Call call, String id) {
        return call.view().project(id).orElseThrow(() -> KeystoneRefusal.notFound("project", id));
    }

    private HttpResponse create(Call call) throws IOException {
        call.requireAdmin("create_project");
        JsonNode body = call.body("project");
        if (Texts.flag(body, "is_domain", false)) {
            throw KeystoneRefusal.badRequest("A project cannot act as a domain here.");
        }
        String id = Ids.draw();
        String name = Texts.required(body, "name");
        call.change(
                new IdentityChange.PutProject(
                        id,
                        domainId(call, body),
                        name,
                        Texts.or(body, "description", ""),
                        Texts.flag(body, "enabled", true),
                        0),
                "project",
                name);
        return call.member(201, "project", Documents.project(find(call, id), call.urls()));
    }

    /** Of whoever creates, when the document does not say. */
    static String domainId(Call call, JsonNode body) {
        String given = Texts.optional(body, "domain_id");
        String id = given == null ? Founding.DEFAULT_DOMAIN : given;
        if (call.view().domain(id).isEmpty()) {
            throw KeystoneRefusal.notFound("domain", id);
        }
        return id;
    }

    private HttpResponse list(Call call) {
        call.requireAdmin("list_projects");
        Query query = call.query();
        ArrayNode list = Json.array();
        for (Project project : call.view().projects()) {
            if (admits(query, project)) {
                list.add(Documents.project(project, call.urls()));
            }
        }
        return call.list("projects", list);
    }

    private static boolean admits(Query query, Project project) {
        return query.admits("name", project.name())
                && query.admits("domain_id", project.domainId())
                && query.admits("parent_id", project.domainId())
                && query.admits("enabled", project.enabled())
                && !query.flag("is_domain");
    }

    private HttpResponse show(Call call) {
        String id = call.parameter(0);
        boolean member =
                call.view().grantsOf(call.access().user().id()).stream()
                        .map(Grant::scope)
                        .anyMatch(scope -> scope.equals(RoleScope.project(id)));
        if (!member) {
            call.requireAdmin("get_project");
        }
        return call.member(200, "project", Documents.project(find(call, id), call.urls()));
    }

    private HttpResponse update(Call call) throws IOException {
        call.requireAdmin("update_project");
        JsonNode body = call.body("project");
        Project before = find(call, call.parameter(0));
        requireSame(body, "domain_id", before.domainId());
        String name = Texts.or(body, "name", before.name());
        call.change(
                new IdentityChange.PutProject(
                        before.id(),
                        before.domainId(),
                        name,
                        Texts.or(body, "description", before.description()),
                        Texts.flag(body, "enabled", before.enabled()),
                        before.position()),
                "project",
                name);
        return call.member(200, "project", Documents.project(find(call, before.id()), call.urls()));
    }

    /** What cannot be changed may be said again. */
    static void requireSame(JsonNode body, String name, String value) {
        String given = Texts.optional(body, name);
        if (given != null && !given.equals(value)) {
            throw KeystoneRefusal.badRequest("'" + name + "' cannot be changed");
        }
    }

    private HttpResponse delete(Call call) {
        call.requireAdmin("delete_project");
        String id = call.parameter(0);
        if (id.equals(Founding.ROOT_ACCOUNT)) {
            throw KeystoneRefusal.forbidden("the project of the root account cannot be deleted");
        }
        call.change(new IdentityChange.Remove(IdentityChange.Kind.PROJECT, id), "project", id);
        return call.noContent();
    }

    private HttpResponse ofUser(Call call) {
        String userId = call.parameter(0);
        call.requireSelfOrAdmin(userId, "list_user_projects");
        Ec2Operations.requireUser(call, userId);
        ArrayNode list = Json.array();
        call.view().grantsOf(userId).stream()
                .map(Grant::scope)
                .filter(scope -> scope.kind() == RoleScope.Kind.PROJECT)
                .map(RoleScope::id)
                .distinct()
                .forEach(
                        id ->
                                call.view()
                                        .project(id)
                                        .filter(project -> admits(call.query(), project))
                                        .ifPresent(
                                                project ->
                                                        list.add(
                                                                Documents.project(
                                                                        project, call.urls()))));
        return call.list("projects", list);
    }
}
