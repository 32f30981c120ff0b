package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.identity.Access;
import io.varve.endpoint.identity.IdentityLedger;
import io.varve.endpoint.identity.IdentityService;
import io.varve.endpoint.identity.RoleNames;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.IdentityChange;
import io.varve.projections.identity.IdentityRefusal;
import io.varve.projections.identity.IdentityView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/** One request while it is answered. Owned by the thread that handles it. */
final class Call {
    private static final int BODY_BYTES_MAX = 128 << 10;

    private final HttpRequest http;
    private final List<String> parameters;
    private final Query query;
    private final IdentityService service;
    private final Urls urls;
    private @Nullable Access access;

    Call(HttpRequest http, List<String> parameters, IdentityService service, Urls urls) {
        this.http = http;
        this.parameters = parameters;
        this.query = Query.of(http.rawQuery());
        this.service = service;
        this.urls = urls;
    }

    HttpRequest http() {
        return http;
    }

    IdentityService service() {
        return service;
    }

    IdentityView view() {
        return service.view();
    }

    Urls urls() {
        return urls;
    }

    Query query() {
        return query;
    }

    /** What stands in the path at the n-th variable place. */
    String parameter(int index) {
        return parameters.get(index);
    }

    String remoteAddress() {
        return http.remoteAddress().getAddress().getHostAddress();
    }

    /** Who asks. */
    Access access() {
        Access known = access;
        if (known == null) {
            String token = http.headers().first("X-Auth-Token");
            if (token == null) {
                throw KeystoneRefusal.unauthorized();
            }
            known = service.logins().access(token).orElseThrow(KeystoneRefusal::unauthorized);
            access = known;
            http.notes().principal(known.user().id());
        }
        return known;
    }

    boolean isAdmin() {
        return access().hasRole(RoleNames.ADMIN);
    }

    void requireAdmin(String action) {
        if (!isAdmin()) {
            throw KeystoneRefusal.forbidden("identity:" + action);
        }
    }

    void requireSelfOrAdmin(String userId, String action) {
        if (!access().user().id().equals(userId)) {
            requireAdmin(action);
        }
    }

    /**
     * As {@link #requireSelfOrAdmin}, not for the holder of a restricted application credential.
     */
    void requireManagesCredentials(String userId, String action) {
        requireSelfOrAdmin(userId, action);
        if (!access().mayManageCredentials()) {
            throw KeystoneRefusal.forbidden("identity:" + action);
        }
    }

    /**
     * Whether who asks may have to do with access keys for a project. A key has all of its user's
     * roles there, so not who shows an application credential for some of them.
     */
    boolean mayUseKeysFor(String projectId) {
        return isAdmin() || service.logins().hasAllRoles(access(), projectId);
    }

    /** The member of that name of the request's document. */
    JsonNode body(String member) throws IOException {
        JsonNode node = document().get(member);
        if (node == null || !node.isObject()) {
            throw KeystoneRefusal.badRequest("Expecting to find " + member + " in request body.");
        }
        return node;
    }

    JsonNode document() throws IOException {
        byte[] bytes = http.body().readNBytes(BODY_BYTES_MAX + 1);
        if (bytes.length > BODY_BYTES_MAX) {
            throw KeystoneRefusal.tooLarge();
        }
        try {
            JsonNode node = Json.read(bytes);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonException e) {
            throw KeystoneRefusal.badRequest("The request body is not JSON: " + e.getMessage());
        }
        throw KeystoneRefusal.badRequest("The request body is not a JSON object.");
    }

    /**
     * Appends a change, on behalf of who asks.
     *
     * @param kind of what it is about, for the error
     */
    void change(IdentityChange change, String kind, String id) {
        IdentityRefusal refusal = tryChange(access().user().id(), change);
        if (refusal != null) {
            throw KeystoneRefusal.of(refusal, kind, id);
        }
    }

    /**
     * @return why it did not take effect; null when it did
     */
    @Nullable IdentityRefusal tryChange(String principal, IdentityChange change) {
        try {
            return service.change(new IdentityLedger.Author(principal, http.id()), change);
        } catch (IllegalArgumentException e) {
            throw KeystoneRefusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    HttpResponse.Builder respond(int status) {
        return HttpResponse.status(status)
                .header("Vary", "X-Auth-Token")
                .header("x-openstack-request-id", "req-" + http.id());
    }

    HttpResponse json(int status, JsonNode document) {
        return respond(status)
                .header("Content-Type", "application/json")
                .body(Json.write(document));
    }

    HttpResponse member(int status, String name, ObjectNode member) {
        return json(status, Json.object().set(name, member));
    }

    /** A list with the links that Keystone's lists have. */
    HttpResponse list(String name, ArrayNode members) {
        ObjectNode document = Json.object();
        document.set(name, members);
        document.putObject("links")
                .putNull("next")
                .put("self", urls.base() + http.rawPath())
                .putNull("previous");
        return json(200, document);
    }

    HttpResponse noContent() {
        return respond(204).build();
    }
}
