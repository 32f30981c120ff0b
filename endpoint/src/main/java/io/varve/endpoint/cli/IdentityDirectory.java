package io.varve.endpoint.cli;

import static io.varve.endpoint.cli.IdentityApi.encoded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;

/** Finds things by name or id, and changes them. Single-threaded. */
final class IdentityDirectory {
    private final IdentityApi api;
    private final String domain;

    /**
     * @param domain by name, in which other names are looked up
     */
    IdentityDirectory(IdentityApi api, String domain) {
        this.api = api;
        this.domain = domain;
    }

    IdentityApi api() {
        return api;
    }

    String domainId() {
        return one("domains", "domain", "?name=" + encoded(domain), domain).path("id").asText();
    }

    JsonNode user(String nameOrId) {
        return inDomain("users", "user", nameOrId);
    }

    JsonNode project(String nameOrId) {
        return inDomain("projects", "project", nameOrId);
    }

    private JsonNode inDomain(String collection, String member, String nameOrId) {
        String query = "?domain_id=" + encoded(domainId()) + "&name=" + encoded(nameOrId);
        return one(collection, member, query, nameOrId);
    }

    JsonNode role(String nameOrId) {
        return one("roles", "role", "?name=" + encoded(nameOrId), nameOrId);
    }

    private JsonNode one(String collection, String member, String query, String nameOrId) {
        JsonNode named = api.get("/" + collection + query).path(collection);
        if (named.size() == 1) {
            return named.get(0);
        }
        JsonNode byId = api.find("/" + collection + "/" + encoded(nameOrId));
        if (byId == null) {
            throw CommandFailure.failed("there is no " + member + " " + nameOrId);
        }
        return byId.path(member);
    }

    static String id(JsonNode thing) {
        return encoded(thing.path("id").asText());
    }

    JsonNode create(String collection, String member, ObjectNode thing) {
        return api.send("POST", "/" + collection, wrapped(member, thing)).path(member);
    }

    JsonNode update(String collection, String member, JsonNode before, ObjectNode changes) {
        String path = "/" + collection + "/" + id(before);
        return api.send("PATCH", path, wrapped(member, changes)).path(member);
    }

    void remove(String collection, JsonNode thing) {
        JsonNode _ = api.send("DELETE", "/" + collection + "/" + id(thing), null);
    }

    private static ObjectNode wrapped(String member, ObjectNode thing) {
        ObjectNode document = Json.object();
        document.set(member, thing);
        return document;
    }
}
