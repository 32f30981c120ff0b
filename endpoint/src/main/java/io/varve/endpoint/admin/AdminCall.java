package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.identity.RoleNames;
import io.varve.endpoint.identity.Tokens;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;

import java.io.IOException;
import java.util.List;

/** One request of a site administrator while it is answered. Owned by the thread of it. */
final class AdminCall {
    /** More than the largest map. */
    private static final int BODY_BYTES_MAX = 2 << 20;

    private final HttpRequest http;
    private final List<String> path;
    private final String principal;

    /**
     * @param path what follows the version in the path, in parts
     * @throws AdminRefusal when who asks is no site administrator
     */
    AdminCall(HttpRequest http, List<String> path, Tokens tokens) {
        this.http = http;
        this.path = List.copyOf(path);
        String token = http.headers().first("X-Auth-Token");
        if (token == null) {
            throw AdminRefusal.unauthorized();
        }
        Identity who = tokens.identify(token).orElseThrow(AdminRefusal::unauthorized);
        principal = who.user().id();
        http.notes().principal(principal);
        if (!who.hasRole(RoleNames.ADMIN)) {
            throw AdminRefusal.forbidden();
        }
    }

    /** Who asks. */
    String principal() {
        return principal;
    }

    String method() {
        return http.method();
    }

    void operation(String name) {
        http.notes().operation(name);
    }

    /** How many parts the path has. */
    int depth() {
        return path.size();
    }

    String part(int index) {
        return path.get(index);
    }

    /** Whether the path has these parts, {@code *} standing for any. */
    boolean is(String method, String... pattern) {
        return method().equals(method) && fits(pattern);
    }

    boolean fits(String... pattern) {
        if (pattern.length != path.size()) {
            return false;
        }
        for (int i = 0; i < pattern.length; i++) {
            if (!pattern[i].equals("*") && !pattern[i].equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The device's number at that place of the path. */
    int deviceId(int index) {
        try {
            return Integer.parseInt(part(index));
        } catch (NumberFormatException _) {
            throw AdminRefusal.notFound("device " + part(index));
        }
    }

    boolean hasQuery(String parameter) {
        return List.of(http.rawQuery().split("&", -1)).contains(parameter);
    }

    /** The request's document; an empty one when there is no body. */
    AdminDocument document() throws IOException {
        byte[] bytes = http.body().readNBytes(BODY_BYTES_MAX + 1);
        if (bytes.length > BODY_BYTES_MAX) {
            throw AdminRefusal.tooLarge();
        }
        if (bytes.length == 0) {
            return new AdminDocument(Json.object());
        }
        try {
            JsonNode node = Json.read(bytes);
            if (node instanceof ObjectNode object) {
                return new AdminDocument(object);
            }
        } catch (JsonException e) {
            throw AdminRefusal.badRequest("The document is not JSON: " + e.getMessage());
        }
        throw AdminRefusal.badRequest("The document is not a JSON object.");
    }

    static HttpResponse json(int status, JsonNode document) {
        return HttpResponse.status(status)
                .header("Content-Type", "application/json")
                .header("Cache-Control", "no-store")
                .body(Json.write(document));
    }
}
