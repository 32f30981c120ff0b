package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** What services there are and where: the same place for all of them, and for every interface. */
final class Catalog {
    private static final List<String> INTERFACES = List.of("public", "internal", "admin");

    private final String region;

    Catalog(String region) {
        this.region = region;
    }

    /**
     * @param projectId without one there is no object store: its URL names the project
     */
    ArrayNode services(Urls urls, @Nullable String projectId) {
        ArrayNode services = Json.array();
        services.add(service("identity", "keystone", urls.identity()));
        if (projectId != null) {
            services.add(service("object-store", "swift", urls.objectStore(projectId)));
        }
        services.add(service("s3", "s3", urls.s3()));
        return services;
    }

    private ObjectNode service(String type, String name, String url) {
        ObjectNode service = Json.object().put("id", id(type)).put("type", type).put("name", name);
        ArrayNode endpoints = service.putArray("endpoints");
        for (String each : INTERFACES) {
            endpoints
                    .addObject()
                    .put("id", id(type + " " + each))
                    .put("interface", each)
                    .put("region", region)
                    .put("region_id", region)
                    .put("url", url);
        }
        return service;
    }

    /** The same at each start, and on each site: clients may keep it. */
    private static String id(String name) {
        UUID id = UUID.nameUUIDFromBytes(("varve " + name).getBytes(StandardCharsets.UTF_8));
        return id.toString().replace("-", "");
    }
}
