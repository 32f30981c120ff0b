package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.varve.endpoint.identity.Ids;
import io.varve.endpoint.identity.Logins;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.KeptSecret;
import io.varve.projections.identity.IdentityRefusal;
import io.varve.projections.identity.User;

import java.io.IOException;

/** {@code /v3/users}, and their passwords. */
final class UserOperations {
    private static final int PASSWORD_CHARS_MAX = 1024;

    void addTo(Routes routes) {
        routes.add("POST", "/v3/users", "CreateUser", this::create)
                .add("GET", "/v3/users", "ListUsers", this::list)
                .add("GET", "/v3/users/{}", "GetUser", this::show)
                .add("PATCH", "/v3/users/{}", "UpdateUser", this::update)
                .add("DELETE", "/v3/users/{}", "DeleteUser", this::delete)
                .add("POST", "/v3/users/{}/password", "ChangePassword", this::password)
                .add("GET", "/v3/users/{}/groups", "ListUserGroups", this::groups)
                .add("GET", "/v3/groups", "ListGroups", this::groups);
    }

    static User find(Call call, String id) {
        return call.view().user(id).orElseThrow(() -> KeystoneRefusal.notFound("user", id));
    }

    private HttpResponse create(Call call) throws IOException {
        call.requireAdmin("create_user");
        JsonNode body = call.body("user");
        String id = Ids.draw();
        String name = Texts.required(body, "name");
        String password = Texts.optional(body, "password");
        call.change(
                new IdentityChange.PutUser(
                        id,
                        ProjectOperations.domainId(call, body),
                        name,
                        Texts.or(body, "email", ""),
                        Texts.or(body, "description", ""),
                        Texts.flag(body, "enabled", true),
                        Texts.or(body, "default_project_id", ""),
                        password == null ? KeptSecret.NONE : hash(call, password),
                        0),
                "user",
                name);
        return call.member(201, "user", Documents.user(find(call, id), call.urls()));
    }

    private static KeptSecret hash(Call call, String password) {
        if (password.isEmpty() || password.length() > PASSWORD_CHARS_MAX) {
            throw KeystoneRefusal.badRequest(
                    "A password has 1 to " + PASSWORD_CHARS_MAX + " characters.");
        }
        return call.service().passwords().hash(password);
    }

    private HttpResponse list(Call call) {
        call.requireAdmin("list_users");
        Query query = call.query();
        ArrayNode list = Json.array();
        for (User user : call.view().users()) {
            if (query.admits("name", user.name())
                    && query.admits("domain_id", user.domainId())
                    && query.admits("enabled", user.enabled())) {
                list.add(Documents.user(user, call.urls()));
            }
        }
        return call.list("users", list);
    }

    private HttpResponse show(Call call) {
        String id = call.parameter(0);
        call.requireSelfOrAdmin(id, "get_user");
        return call.member(200, "user", Documents.user(find(call, id), call.urls()));
    }

    private HttpResponse update(Call call) throws IOException {
        call.requireAdmin("update_user");
        JsonNode body = call.body("user");
        User before = find(call, call.parameter(0));
        ProjectOperations.requireSame(body, "domain_id", before.domainId());
        String password = Texts.optional(body, "password");
        String name = Texts.or(body, "name", before.name());
        call.change(
                new IdentityChange.PutUser(
                        before.id(),
                        before.domainId(),
                        name,
                        Texts.or(body, "email", before.email()),
                        Texts.or(body, "description", before.description()),
                        Texts.flag(body, "enabled", before.enabled()),
                        Texts.or(body, "default_project_id", before.defaultProjectId()),
                        password == null ? before.password() : hash(call, password),
                        before.position()),
                "user",
                name);
        return call.member(200, "user", Documents.user(find(call, before.id()), call.urls()));
    }

    private HttpResponse delete(Call call) {
        call.requireAdmin("delete_user");
        String id = call.parameter(0);
        call.change(new IdentityChange.Remove(IdentityChange.Kind.USER, id), "user", id);
        return call.noContent();
    }

    /** Who knows the old password sets a new one; a token is not needed, as in Keystone. */
    private HttpResponse password(Call call) throws IOException {
        JsonNode body = call.body("user");
        String id = call.parameter(0);
        User user = call.view().user(id).orElse(null);
        String original = Texts.required(body, "original_password");
        String fresh = Texts.required(body, "password");
        // Wrong ones count as failed logins: else this would be the way to guess.
        AuthOperations.granted(
                call.service()
                        .logins()
                        .byPassword(
                                user,
                                id,
                                original,
                                new Logins.Wish.Unscoped(),
                                call.remoteAddress()));
        if (user == null) {
            throw KeystoneRefusal.unauthorized();
        }
        call.http().notes().principal(id);
        IdentityRefusal refusal =
                call.tryChange(
                        id,
                        new IdentityChange.PutUser(
                                user.id(),
                                user.domainId(),
                                user.name(),
                                user.email(),
                                user.description(),
                                user.enabled(),
                                user.defaultProjectId(),
                                hash(call, fresh),
                                user.position()));
        if (refusal != null) {
            throw KeystoneRefusal.of(refusal, "user", id);
        }
        return call.noContent();
    }

    /** There are none; clients ask all the same. */
    private HttpResponse groups(Call call) {
        call.access();
        return call.list("groups", Json.array());
    }
}
