package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;

/** {@code /} and {@code /v3}: which version of the protocol is spoken where. */
final class Discovery {
    void addTo(Routes routes) {
        routes.add("GET", "/", "ListVersions", this::versions)
                .add("GET", "/v3", "GetVersion", this::version);
    }

    private HttpResponse versions(Call call) {
        ObjectNode document = Json.object();
        document.putObject("versions").putArray("values").add(v3(call.urls()));
        return call.respond(300)
                .header("Location", call.urls().identity() + "/")
                .header("Content-Type", "application/json")
                .body(Json.write(document));
    }

    private HttpResponse version(Call call) {
        return call.member(200, "version", v3(call.urls()));
    }

    private static ObjectNode v3(Urls urls) {
        ObjectNode version =
                Json.object()
                        .put("id", "v3.14")
                        .put("status", "stable")
                        .put("updated", "2020-04-07T00:00:00Z");
        version.putArray("links").addObject().put("rel", "self").put("href", urls.identity() + "/");
        version.putArray("media-types")
                .addObject()
                .put("base", "application/json")
                .put("type", "application/vnd.openstack.identity-v3+json");
        return version;
    }
}
