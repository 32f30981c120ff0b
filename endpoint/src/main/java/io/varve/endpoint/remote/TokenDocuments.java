package io.varve.endpoint.remote;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.identity.Identity.Named;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** Reads what Keystone says of a token. What cannot be understood is no answer. */
final class TokenDocuments {
    private TokenDocuments() {}

    /**
     * @throws io.varve.endpoint.store.StoreException when it cannot be understood
     */
    static Identity identity(byte[] body, RoleMap map) {
        JsonNode token = token(body);
        Set<String> theirs = new LinkedHashSet<>();
        token.path("roles").forEach(role -> theirs.add(text(role, "name")));
        JsonNode project = token.path("project");
        Named scoped = project.isObject() ? named(project) : null;
        return new Identity(
                named(token.path("user")),
                scoped,
                // A role on a domain or the whole cloud is none on a project.
                scoped == null ? Set.of() : map.of(theirs),
                expiry(token));
    }

    static Instant expiry(byte[] body) {
        return expiry(token(body));
    }

    private static Instant expiry(JsonNode token) {
        try {
            return Instant.parse(text(token, "expires_at"));
        } catch (DateTimeException e) {
            throw KeystoneClient.unavailable("a token's expiry is not a time", e);
        }
    }

    private static JsonNode token(byte[] body) {
        try {
            return Json.read(body).path("token");
        } catch (JsonException e) {
            throw KeystoneClient.unavailable("its answer is not JSON", e);
        }
    }

    private static Named named(JsonNode node) {
        return new Named(text(node, "id"), text(node, "name"), text(node.path("domain"), "id"));
    }

    private static String text(JsonNode node, String name) {
        String text = node.path(name).asText("");
        if (text.isEmpty()) {
            throw KeystoneClient.unavailable("its answer has no " + name, null);
        }
        return text;
    }
}
