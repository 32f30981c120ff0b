package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.identity.Access;
import io.varve.endpoint.identity.Login;
import io.varve.endpoint.identity.Logins;
import io.varve.endpoint.identity.RoleNames;
import io.varve.endpoint.identity.Token;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.RoleScope;
import io.varve.projections.identity.ApplicationCredential;
import io.varve.projections.identity.Domain;
import io.varve.projections.identity.Grant;
import io.varve.projections.identity.Project;
import io.varve.projections.identity.User;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** {@code /v3/auth}: tokens, and what they open. */
final class AuthOperations {
    private final Catalog catalog;
    private final TokenDocument tokens;

    AuthOperations(Catalog catalog) {
        this.catalog = catalog;
        this.tokens = new TokenDocument(catalog);
    }

    void addTo(Routes routes) {
        routes.add("POST", "/v3/auth/tokens", "IssueToken", this::issue)
                .add("GET", "/v3/auth/tokens", "ValidateToken", this::validate)
                .add("DELETE", "/v3/auth/tokens", "RevokeToken", this::revoke)
                .add("GET", "/v3/auth/catalog", "GetCatalog", this::catalog)
                .add("GET", "/v3/auth/projects", "ListOwnProjects", this::projects)
                .add("GET", "/v3/auth/domains", "ListOwnDomains", this::domains)
                .add("GET", "/v3/auth/system", "ListOwnSystem", this::system);
    }

    private HttpResponse issue(Call call) throws IOException {
        JsonNode auth = call.body("auth");
        JsonNode identity = object(auth, "identity");
        JsonNode methods = identity.path("methods");
        if (!methods.isArray() || methods.size() != 1) {
            // Several at once would have to hold all together; nothing here needs it.
            throw KeystoneRefusal.badRequest("Expecting one authentication method.");
        }
        String method = methods.get(0).asText();
        Login login =
                switch (method) {
                    case "password" ->
                            byPassword(call, object(identity, "password"), wish(call, auth));
                    case "token" ->
                            call.service()
                                    .logins()
                                    .byToken(
                                            Texts.required(object(identity, "token"), "id"),
                                            wish(call, auth));
                    case "application_credential" -> {
                        if (auth.has("scope")) {
                            throw KeystoneRefusal.unauthorized();
                        }
                        yield byApplicationCredential(
                                call, object(identity, "application_credential"));
                    }
                    default -> throw KeystoneRefusal.unauthorized();
                };
        Login.Granted granted = granted(login);
        call.http().notes().principal(granted.access().user().id());
        return call.respond(201)
                .header("X-Subject-Token", granted.text())
                .header("Content-Type", "application/json")
                .body(Json.write(document(call, granted.access())));
    }

    static Login.Granted granted(Login login) {
        return switch (login) {
            case Login.Granted granted -> granted;
            case Login.Refused _ -> throw KeystoneRefusal.unauthorized();
            case Login.TooMany(Duration wait) -> throw KeystoneRefusal.tooMany(wait.toSeconds());
        };
    }

    private ObjectNode document(Call call, Access access) {
        return tokens.of(access, call.urls(), !call.query().flag("nocatalog"));
    }

    private static JsonNode object(JsonNode parent, String name) {
        JsonNode node = parent.get(name);
        if (node == null || !node.isObject()) {
            throw KeystoneRefusal.badRequest("'" + name + "' is a required property");
        }
        return node;
    }

    private static Login byPassword(Call call, JsonNode password, Logins.Wish wish) {
        JsonNode node = object(password, "user");
        User user = user(call, node);
        String key = user != null ? user.id() : userKey(node);
        return call.service()
                .logins()
                .byPassword(user, key, Texts.or(node, "password", ""), wish, call.remoteAddress());
    }

    /** Who is meant, found or not: failures count by it. */
    private static String userKey(JsonNode user) {
        String id = Texts.optional(user, "id");
        JsonNode domain = user.path("domain");
        return id != null
                ? id
                : domain.path("id").asText(domain.path("name").asText())
                        + "/"
                        + user.path("name").asText();
    }

    private static @Nullable User user(Call call, JsonNode node) {
        String id = Texts.optional(node, "id");
        if (id != null) {
            return call.view().user(id).orElse(null);
        }
        String name = Texts.required(node, "name");
        Domain domain = domain(call, object(node, "domain"));
        return domain == null ? null : call.view().userNamed(domain.id(), name).orElse(null);
    }

    private static @Nullable Domain domain(Call call, JsonNode node) {
        String id = Texts.optional(node, "id");
        return id != null
                ? call.view().domain(id).orElse(null)
                : call.view().domainNamed(Texts.required(node, "name")).orElse(null);
    }

    private static Login byApplicationCredential(Call call, JsonNode node) {
        String id = Texts.optional(node, "id");
        ApplicationCredential credential;
        String key;
        if (id != null) {
            credential = call.view().applicationCredential(id).orElse(null);
            key = "application credential " + id;
        } else {
            String name = Texts.required(node, "name");
            JsonNode userNode = object(node, "user");
            User user = user(call, userNode);
            credential =
                    user == null
                            ? null
                            : call.view().applicationCredentialsOf(user.id()).stream()
                                    .filter(each -> each.name().equals(name))
                                    .findFirst()
                                    .orElse(null);
            key = "application credential " + name + " of " + userKey(userNode);
        }
        return call.service()
                .logins()
                .byApplicationCredential(
                        credential, key, Texts.required(node, "secret"), call.remoteAddress());
    }

    private static Logins.Wish wish(Call call, JsonNode auth) {
        JsonNode scope = auth.get("scope");
        if (scope == null || scope.isNull()) {
            return new Logins.Wish.Default();
        }
        if ((scope.isTextual() && scope.textValue().equals("unscoped")) || scope.has("unscoped")) {
            return new Logins.Wish.Unscoped();
        }
        if (scope.has("system")) {
            return new Logins.Wish.Scoped(RoleScope.SYSTEM);
        }
        if (scope.has("domain")) {
            Domain domain = domain(call, object(scope, "domain"));
            return domain == null
                    ? new Logins.Wish.Nowhere()
                    : new Logins.Wish.Scoped(RoleScope.domain(domain.id()));
        }
        Project project = project(call, object(scope, "project"));
        return project == null
                ? new Logins.Wish.Nowhere()
                : new Logins.Wish.Scoped(RoleScope.project(project.id()));
    }

    private static @Nullable Project project(Call call, JsonNode node) {
        String id = Texts.optional(node, "id");
        if (id != null) {
            return call.view().project(id).orElse(null);
        }
        String name = Texts.required(node, "name");
        Domain domain = domain(call, object(node, "domain"));
        return domain == null ? null : call.view().projectNamed(domain.id(), name).orElse(null);
    }

    /**
     * A token that its holder or an administrator may ask about.
     *
     * @param forServices whether those may, too, who serve others
     */
    private static Access subject(Call call, String action, boolean forServices) {
        Access asker = call.access();
        String text = call.http().headers().first("X-Subject-Token");
        if (text == null) {
            throw KeystoneRefusal.badRequest("The X-Subject-Token header is missing.");
        }
        Access subject =
                call.service()
                        .logins()
                        .access(text)
                        .orElseThrow(() -> KeystoneRefusal.notFound("token", ""));
        boolean own = subject.user().id().equals(asker.user().id());
        boolean serves = forServices && asker.hasRole(RoleNames.SERVICE);
        if (!own && !asker.hasRole(RoleNames.ADMIN) && !serves) {
            throw KeystoneRefusal.forbidden("identity:" + action);
        }
        return subject;
    }

    private HttpResponse validate(Call call) {
        Access subject = subject(call, "validate_token", true);
        String text = call.http().headers().firstOr("X-Subject-Token", "");
        return call.respond(200)
                .header("X-Subject-Token", text)
                .header("Content-Type", "application/json")
                .body(Json.write(document(call, subject)));
    }

    private HttpResponse revoke(Call call) {
        Access subject = subject(call, "revoke_token", false);
        Token token = subject.token();
        call.change(
                new IdentityChange.RevokeTokens(
                        subject.user().id(),
                        token.auditIds().getFirst(),
                        Math.multiplyExact(token.expiresAt().getEpochSecond() + 1, 1_000_000L)),
                "token",
                "");
        return call.noContent();
    }

    private HttpResponse catalog(Call call) {
        Project project = call.access().project();
        if (call.access().token().scope() == null) {
            throw KeystoneRefusal.forbidden("a catalog is for a scope");
        }
        return call.list(
                "catalog", catalog.services(call.urls(), project == null ? null : project.id()));
    }

    private HttpResponse projects(Call call) {
        ArrayNode list = Json.array();
        for (String id : scopeIds(call, RoleScope.Kind.PROJECT)) {
            call.view()
                    .project(id)
                    .filter(Project::enabled)
                    .ifPresent(project -> list.add(Documents.project(project, call.urls())));
        }
        return call.list("projects", list);
    }

    private HttpResponse domains(Call call) {
        ArrayNode list = Json.array();
        for (String id : scopeIds(call, RoleScope.Kind.DOMAIN)) {
            call.view()
                    .domain(id)
                    .filter(Domain::enabled)
                    .ifPresent(domain -> list.add(Documents.domain(domain, call.urls())));
        }
        return call.list("domains", list);
    }

    private HttpResponse system(Call call) {
        ArrayNode list = Json.array();
        if (!scopeIds(call, RoleScope.Kind.SYSTEM).isEmpty()) {
            list.addObject().put("all", true);
        }
        return call.list("system", list);
    }

    private static Set<String> scopeIds(Call call, RoleScope.Kind kind) {
        Set<String> ids = new TreeSet<>();
        for (Grant grant : call.view().grantsOf(call.access().user().id())) {
            if (grant.scope().kind() == kind) {
                ids.add(grant.scope().id());
            }
        }
        return ids;
    }
}
