package io.varve.endpoint.admin;

import io.varve.endpoint.identity.Tokens;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.replica.ReplicaService;
import io.varve.endpoint.server.BodyException;
import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.store.StoreException;
import io.varve.placement.CrushMapException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The front end for operators: finds the operation, lets it answer, and turns every refusal into an
 * error document. Safe for use by many threads; changes wait for each other.
 */
public final class AdminEndpoint implements HttpHandler {
    /** What the paths begin with. */
    public static final String PATH = "/varve/v1";

    private static final Logger LOG = System.getLogger(AdminEndpoint.class.getName());

    private final Tokens tokens;
    private final List<Operations> operations;

    /** Answers some of the paths. */
    interface Operations {
        /** Null when the path is not one of these. */
        @Nullable HttpResponse answer(AdminCall call) throws IOException;
    }

    public AdminEndpoint(EmbeddedSite site, Tokens tokens, ReplicaService replica) {
        this.tokens = tokens;
        TopologyEdits edits = new TopologyEdits(site.topology());
        operations =
                List.of(
                        new DeviceOperations(site, edits),
                        new PlacementOperations(site.topology(), edits),
                        new PoolOperations(site, edits),
                        new AuditOperations(site),
                        new TransitionOperations(site),
                        new StatusOperations(site),
                        new ReplicaOperations(replica));
    }

    @Override
    public HttpResponse handle(HttpRequest http) throws IOException {
        http.notes().operation("Admin");
        try {
            AdminCall call = new AdminCall(http, parts(http.rawPath()), tokens);
            for (Operations some : operations) {
                HttpResponse answer = some.answer(call);
                if (answer != null) {
                    return answer;
                }
            }
            throw AdminRefusal.noSuchPath();
        } catch (AdminRefusal refusal) {
            return error(http, refusal);
        } catch (CrushMapException | IllegalArgumentException e) {
            return error(http, AdminRefusal.badRequest(String.valueOf(e.getMessage())));
        } catch (BodyException e) {
            if (e.reason() == BodyException.Reason.DISCONNECTED) {
                throw e;
            }
            return error(http, AdminRefusal.badRequest("The request body is incomplete."));
        } catch (StoreException e) {
            if (e.category() == StoreException.Category.READ_ONLY) {
                return error(http, AdminRefusal.conflict(String.valueOf(e.getMessage())));
            }
            LOG.log(Level.WARNING, "request {0}: {1}", http.id(), e.getMessage());
            boolean full = e.category() == StoreException.Category.FULL;
            return error(http, full ? AdminRefusal.full() : AdminRefusal.unavailable());
        }
    }

    /** What follows the version. */
    private static List<String> parts(String rawPath) {
        List<String> parts = new ArrayList<>();
        for (String part : rawPath.substring(PATH.length()).split("/", -1)) {
            if (!part.isEmpty()) {
                parts.add(decoded(part));
            }
        }
        return parts;
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw AdminRefusal.badRequest("The URL is not encoded correctly.");
        }
    }

    private static HttpResponse error(HttpRequest http, AdminRefusal refusal) {
        http.notes().errorCode(String.valueOf(refusal.status()));
        var document = Json.object();
        document.putObject("error")
                .put("code", refusal.status())
                .put("title", refusal.title())
                .put("message", refusal.message());
        return AdminCall.json(refusal.status(), document);
    }
}
