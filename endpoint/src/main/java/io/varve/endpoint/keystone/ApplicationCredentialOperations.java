package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.identity.Ids;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.IdentityChange;
import io.varve.projections.identity.ApplicationCredential;
import io.varve.projections.identity.Project;
import io.varve.projections.identity.Role;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** {@code /v3/users/ID/application_credentials}: logins for programs. */
final class ApplicationCredentialOperations {
    private static final String COLLECTION = "/v3/users/{}/application_credentials";
    private static final int SECRET_CHARS_MAX = 1024;

    void addTo(Routes routes) {
        routes.add("POST", COLLECTION, "CreateApplicationCredential", this::create)
                .add("GET", COLLECTION, "ListApplicationCredentials", this::list)
                .add("GET", COLLECTION + "/{}", "GetApplicationCredential", this::show)
                .add("DELETE", COLLECTION + "/{}", "DeleteApplicationCredential", this::delete);
    }

    private HttpResponse create(Call call) throws IOException {
        String userId = call.parameter(0);
        Project project = call.access().project();
        // It gives what the token has: so only one's own token, and one for a project, will do.
        if (!call.access().user().id().equals(userId)) {
            throw KeystoneRefusal.forbidden("identity:create_application_credential");
        }
        call.requireManagesCredentials(userId, "create_application_credential");
        JsonNode body = call.body("application_credential");
        if (project == null) {
            throw KeystoneRefusal.badRequest("The token is not scoped to a project.");
        }
        if (!body.path("access_rules").isMissingNode() && !body.path("access_rules").isEmpty()) {
            throw KeystoneRefusal.badRequest("Access rules are not supported.");
        }
        String name = Texts.required(body, "name");
        String given = Texts.optional(body, "secret");
        String secret = given == null ? Ids.secret() : given;
        if (secret.isEmpty() || secret.length() > SECRET_CHARS_MAX) {
            throw KeystoneRefusal.badRequest(
                    "A secret has 1 to " + SECRET_CHARS_MAX + " characters.");
        }
        String id = Ids.draw();
        call.change(
                new IdentityChange.AddApplicationCredential(
                        id,
                        userId,
                        project.id(),
                        name,
                        Texts.or(body, "description", ""),
                        call.service().passwords().hash(secret),
                        roleIds(call, body),
                        expiresMicros(body),
                        Texts.flag(body, "unrestricted", false)),
                "application credential",
                name);
        ObjectNode document =
                Documents.applicationCredential(find(call, userId, id), call.view(), call.urls());
        return call.member(201, "application_credential", document.put("secret", secret));
    }

    private static long expiresMicros(JsonNode body) {
        String text = Texts.optional(body, "expires_at");
        if (text == null) {
            return 0;
        }
        Instant at = Texts.instant("expires_at", text);
        if (!at.isAfter(Instant.EPOCH)) {
            throw KeystoneRefusal.badRequest("expires_at has passed");
        }
        return Math.multiplyExact(at.getEpochSecond(), 1_000_000L) + at.getNano() / 1000;
    }

    /** Those asked for, of those that the token has; without any, all of them. */
    private static List<String> roleIds(Call call, JsonNode body) {
        List<String> ids = new ArrayList<>();
        JsonNode asked = body.path("roles");
        if (asked.isEmpty()) {
            call.access().roles().forEach(role -> ids.add(role.id()));
            return ids;
        }
        for (JsonNode each : asked) {
            String id = Texts.optional(each, "id");
            String name = Texts.optional(each, "name");
            Role role =
                    call.access().roles().stream()
                            .filter(held -> held.id().equals(id) || held.name().equals(name))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            KeystoneRefusal.badRequest(
                                                    "The token has no such role: "
                                                            + (id == null ? name : id)));
            ids.add(role.id());
        }
        return ids;
    }

    private static ApplicationCredential find(Call call, String userId, String id) {
        return call.view()
                .applicationCredential(id)
                .filter(credential -> credential.userId().equals(userId))
                .orElseThrow(() -> KeystoneRefusal.notFound("application credential", id));
    }

    private HttpResponse list(Call call) {
        String userId = call.parameter(0);
        call.requireSelfOrAdmin(userId, "list_application_credentials");
        Ec2Operations.requireUser(call, userId);
        ArrayNode list = Json.array();
        for (ApplicationCredential credential : call.view().applicationCredentialsOf(userId)) {
            if (call.query().admits("name", credential.name())) {
                list.add(Documents.applicationCredential(credential, call.view(), call.urls()));
            }
        }
        return call.list("application_credentials", list);
    }

    private HttpResponse show(Call call) {
        String userId = call.parameter(0);
        call.requireSelfOrAdmin(userId, "get_application_credential");
        return call.member(
                200,
                "application_credential",
                Documents.applicationCredential(
                        find(call, userId, call.parameter(1)), call.view(), call.urls()));
    }

    private HttpResponse delete(Call call) {
        String userId = call.parameter(0);
        call.requireManagesCredentials(userId, "delete_application_credential");
        String id = call.parameter(1);
        call.change(
                new IdentityChange.RemoveApplicationCredential(userId, id),
                "application credential",
                id);
        return call.noContent();
    }
}
