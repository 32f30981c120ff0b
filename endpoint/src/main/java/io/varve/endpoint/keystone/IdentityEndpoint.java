package io.varve.endpoint.keystone;

import io.varve.endpoint.identity.IdentityException;
import io.varve.endpoint.identity.IdentityService;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.BodyException;
import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.StoreException;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * The front end for Keystone's clients: finds the operation, lets it answer, and turns every
 * refusal into Keystone's error document. Safe for use by many threads.
 */
public final class IdentityEndpoint implements HttpHandler {
    private static final Logger LOG = System.getLogger(IdentityEndpoint.class.getName());

    private final IdentityService service;
    private final String publicUrl;
    private final Routes routes = new Routes();

    /**
     * @param region what the catalog's endpoints are in
     * @param publicUrl where clients find the site; empty: where they have called it
     */
    public IdentityEndpoint(IdentityService service, String region, String publicUrl) {
        this.service = service;
        this.publicUrl = publicUrl;
        Catalog catalog = new Catalog(region);
        new Discovery().addTo(routes);
        new AuthOperations(catalog).addTo(routes);
        new Ec2Operations().addTo(routes);
        new CredentialOperations().addTo(routes);
        new ApplicationCredentialOperations().addTo(routes);
        new ProjectOperations().addTo(routes);
        new UserOperations().addTo(routes);
        new RoleOperations().addTo(routes);
        new DomainOperations().addTo(routes);
        new SignatureOperations(new TokenDocument(catalog)).addTo(routes);
    }

    @Override
    public HttpResponse handle(HttpRequest http) throws IOException {
        try {
            Routes.Match match = routes.find(http.method(), http.rawPath());
            http.notes().operation(match.name());
            Call call = new Call(http, match.parameters(), service, Urls.of(http, publicUrl));
            return match.operation().answer(call);
        } catch (KeystoneRefusal refusal) {
            return error(http, refusal);
        } catch (BodyException e) {
            if (e.reason() == BodyException.Reason.DISCONNECTED) {
                throw e;
            }
            return error(http, KeystoneRefusal.badRequest("The request body is incomplete."));
        } catch (StoreException e) {
            if (e.category() == StoreException.Category.READ_ONLY) {
                return error(http, KeystoneRefusal.readOnly(String.valueOf(e.getMessage())));
            }
            LOG.log(Level.WARNING, "request {0}: {1}", http.id(), e.getMessage());
            boolean full = e.category() == StoreException.Category.FULL;
            return error(http, full ? KeystoneRefusal.full() : KeystoneRefusal.unavailable());
        } catch (IdentityException e) {
            LOG.log(Level.ERROR, "request " + http.id(), e);
            return error(http, KeystoneRefusal.unavailable());
        }
    }

    private HttpResponse error(HttpRequest http, KeystoneRefusal refusal) {
        http.notes().errorCode(String.valueOf(refusal.status()));
        HttpResponse.Builder out =
                HttpResponse.status(refusal.status())
                        .header("Vary", "X-Auth-Token")
                        .header("x-openstack-request-id", "req-" + http.id());
        if (refusal.status() == 401) {
            String base = publicUrl.isEmpty() ? baseOf(http) : publicUrl;
            out.header("WWW-Authenticate", "Keystone uri=\"" + base + "/v3\"");
        }
        if (refusal.retryAfterSeconds() > 0) {
            out.header("Retry-After", String.valueOf(refusal.retryAfterSeconds()));
        }
        var document = Json.object();
        document.putObject("error")
                .put("code", refusal.status())
                .put("message", refusal.message())
                .put("title", refusal.title());
        return out.header("Content-Type", "application/json").body(Json.write(document));
    }

    private static String baseOf(HttpRequest http) {
        try {
            return Urls.of(http, "").base();
        } catch (KeystoneRefusal _) {
            return "";
        }
    }
}
