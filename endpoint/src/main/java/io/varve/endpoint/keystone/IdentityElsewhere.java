package io.varve.endpoint.keystone;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;

/**
 * Stands where the site's own identity service would be, when an existing Keystone takes its place:
 * tells who looks for it here that it is not. It passes nothing on: passwords are for Keystone
 * alone. Safe for use by many threads.
 */
public final class IdentityElsewhere implements HttpHandler {
    private final KeystoneRefusal refusal;

    /**
     * @param publicUrl where clients find Keystone; empty when they are not to be told
     */
    public IdentityElsewhere(String publicUrl) {
        this.refusal =
                KeystoneRefusal.elsewhere(
                        "This site has no identity service of its own"
                                + (publicUrl.isEmpty() ? "." : ": ask Keystone at " + publicUrl));
    }

    @Override
    public HttpResponse handle(HttpRequest http) {
        http.notes().operation("AskKeystone");
        http.notes().errorCode(String.valueOf(refusal.status()));
        var document = Json.object();
        document.putObject("error")
                .put("code", refusal.status())
                .put("message", refusal.message())
                .put("title", refusal.title());
        return HttpResponse.status(refusal.status())
                .header("x-openstack-request-id", "req-" + http.id())
                .header("Content-Type", "application/json")
                .body(Json.write(document));
    }
}
