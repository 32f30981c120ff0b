package io.varve.endpoint.swift;

import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.identity.Tokens;
import io.varve.endpoint.large.LargeObjectException;
import io.varve.endpoint.server.BodyException;
import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.AsOf;
import io.varve.endpoint.store.NameScope;
import io.varve.endpoint.store.NoSnapshotException;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PastException;
import io.varve.endpoint.store.PastStore;
import io.varve.endpoint.store.StoreException;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.MomentException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The Swift front end: tells what a request is, who sent it, lets the operation answer, and turns
 * every refusal into Swift's error. Safe for use by many threads.
 *
 * <p>What went wrong at the site is logged here and told to the client without detail.
 */
public final class SwiftEndpoint implements HttpHandler {
    private static final Logger LOG = System.getLogger(SwiftEndpoint.class.getName());
    private static final String AS_OF = "x-varve-as-of";
    private static final SwiftPath NO_PATH = new SwiftPath("", "", "", "");
    private static final byte[] CROSS_DOMAIN =
            """
            <?xml version="1.0"?>
            <!DOCTYPE cross-domain-policy SYSTEM \
            "http://www.macromedia.com/xml/dtds/cross-domain-policy.dtd" >
            <cross-domain-policy>
            <allow-access-from domain="*" secure="false" />
            </cross-domain-policy>\
            """
                    .getBytes(StandardCharsets.UTF_8);

    private final SwiftConfig config;
    private final ObjectStore store;
    private final Authenticator authenticator;
    private final Operations operations;
    private final TempUrls tempUrls;
    private final SyncRequests syncRequests;
    private final CrossOrigin crossOrigin;
    private final ToLongFunction<String> accountCreatedMicros;
    private final Capabilities info;

    /**
     * @param accountCreatedMicros when the project of an account came to be, in microseconds since
     *     the epoch; 0 when that is not known
     */
    public SwiftEndpoint(
            ObjectStore store,
            Tokens tokens,
            SwiftConfig config,
            ToLongFunction<String> accountCreatedMicros) {
        this.config = config;
        this.store = store;
        this.accountCreatedMicros = accountCreatedMicros;
        this.authenticator = new Authenticator(tokens, store);
        this.operations = new Operations(store, authenticator, config, accountCreatedMicros);
        this.tempUrls = new TempUrls(store);
        this.syncRequests = new SyncRequests(store, config);
        this.crossOrigin = new CrossOrigin(new Containers(store));
        this.info = new Capabilities(config);
    }

    @Override
    public HttpResponse handle(HttpRequest http) throws IOException {
        return guarded(http, () -> answer(http));
    }

    /** What is asked for, as far as it is known by whom. */
    @FunctionalInterface
    private interface Answering {
        HttpResponse answer() throws IOException;
    }

    private static HttpResponse guarded(HttpRequest http, Answering answering) throws IOException {
        try {
            return answering.answer();
        } catch (SwiftRefusal refusal) {
            return error(http, refusal);
        } catch (LargeObjectException e) {
            StatusPage page = e.denied() ? StatusPage.FORBIDDEN : StatusPage.CONFLICT;
            return error(http, page.refusal());
        } catch (MomentException e) {
            return error(http, StatusPage.BAD_REQUEST.refusal(PastException.told(e)));
        } catch (NoSnapshotException e) {
            return error(http, StatusPage.NOT_FOUND.refusal(String.valueOf(e.getMessage())));
        } catch (PastException e) {
            return error(http, StatusPage.BAD_REQUEST.refusal(String.valueOf(e.getMessage())));
        } catch (BodyException e) {
            return error(http, refusal(e));
        } catch (StoreException e) {
            return error(http, refusal(http, e));
        }
    }

    private HttpResponse answer(HttpRequest http) throws IOException {
        HttpResponse page = page(http);
        if (page != null) {
            return page;
        }
        SwiftPath path =
                SwiftPath.parse(http.rawPath(), config.resellerPrefix())
                        .orElseThrow(() -> notOurs(http.rawPath()));
        SwiftRequest request = new SwiftRequest(http, path);
        SwiftOperation operation = SwiftOperation.of(request);
        http.notes().operation(operation.shownName());
        SwiftCall call = call(request);
        http.notes().principal(call.principal());
        HttpResponse response = guarded(http, () -> perform(operation, call));
        return crossOrigin.told(call, response);
    }

    /** The past is read with a header, and only read. */
    private HttpResponse perform(SwiftOperation operation, SwiftCall call) throws IOException {
        String header = call.request().header(AS_OF);
        if (header == null) {
            return operations.perform(operation, call);
        }
        String method = call.request().method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw StatusPage.BAD_REQUEST.refusal(
                    "X-Varve-As-Of is for reading: the past cannot be changed.");
        }
        if (call.query().has("versions")) {
            throw StatusPage.BAD_REQUEST.refusal("Versions of the past are not listed.");
        }
        AsOf asOf =
                AsOf.parse(header.strip())
                        .orElseThrow(
                                () ->
                                        StatusPage.BAD_REQUEST.refusal(
                                                "X-Varve-As-Of is a time such as"
                                                        + " 2026-11-22T10:00:00Z, or a position of"
                                                        + " the journal."));
        PastStore past = asOf.of(store, container(call.path()), call.request().http().receivedAt());
        return new Operations(past, authenticator, config, accountCreatedMicros)
                .perform(operation, call);
    }

    private Optional<Bucket> container(SwiftPath path) {
        return path.container().isEmpty()
                ? Optional.empty()
                : store.view().bucket(store.names().storedName(path.account(), path.container()));
    }

    private static SwiftRefusal notOurs(String rawPath) {
        return rawPath.startsWith("//") || rawPath.equals("/")
                ? StatusPage.NOT_FOUND.refusal()
                : StatusPage.PRECONDITION_FAILED.refusal("Bad URL");
    }

    private @Nullable HttpResponse page(HttpRequest http) {
        SwiftRequest request = new SwiftRequest(http, NO_PATH);
        return switch (http.rawPath()) {
            case "/info", "/swift/info" -> info.answer(request);
            case "/healthcheck" ->
                    request.respond(200)
                            .header("Content-Type", "text/plain")
                            .body("OK".getBytes(StandardCharsets.UTF_8));
            case "/crossdomain.xml" ->
                    request.respond(200)
                            .header("Content-Type", "application/xml")
                            .body(CROSS_DOMAIN);
            default -> null;
        };
    }

    private SwiftCall call(SwiftRequest request) {
        if (SyncRequests.isSigned(request)) {
            return syncRequests.verify(request);
        }
        boolean asksFirst = request.method().equals("OPTIONS");
        if (TempUrls.isSigned(request) && !asksFirst && !request.hasHeader("x-auth-token")) {
            String account = request.path().account();
            if (account.startsWith(config.resellerPrefix())) {
                String project = account.substring(config.resellerPrefix().length());
                TempUrls.Signed signed = tempUrls.verify(request, project);
                return SwiftCall.signed(request.withOnly(TempUrls.PARAMETERS), project, signed);
            }
        }
        Identity sender = authenticator.sender(request);
        SwiftRequest named = request.path().account().isEmpty() ? named(request, sender) : request;
        String account = named.path().account();
        if (!account.startsWith(config.resellerPrefix())) {
            throw sender == null ? SwiftCall.unauthorized(account) : StatusPage.FORBIDDEN.refusal();
        }
        String project = account.substring(config.resellerPrefix().length());
        return new SwiftCall(named, project, sender, authenticator.role(sender, project));
    }

    /** The account that a path without one means: the container's, or the sender's own. */
    private SwiftRequest named(SwiftRequest request, @Nullable Identity sender) {
        SwiftPath path = request.path();
        Optional<String> owner =
                path.isAccount() || store.names() == NameScope.ACCOUNT
                        ? Optional.empty()
                        : store.view().bucket(path.container()).map(Bucket::owner);
        Identity.Named own = sender == null ? null : sender.project();
        String project = owner.orElse(own == null ? "" : own.id());
        if (project.isEmpty()) {
            throw SwiftCall.unauthorized("");
        }
        return new SwiftRequest(
                request.http(), path.withAccount(config.resellerPrefix() + project));
    }

    private static HttpResponse error(HttpRequest http, SwiftRefusal refusal) {
        http.notes().errorCode(refusal.page().name());
        return SwiftRequest.respond(http, refusal.page().status())
                .headers(refusal.headers())
                .header("Content-Type", refusal.contentType())
                .body(refusal.body());
    }

    /** Nobody reads the answer to a client that is gone: that one passes through. */
    private static SwiftRefusal refusal(BodyException e) throws BodyException {
        return switch (e.reason()) {
            case DISCONNECTED -> throw e;
            case TIMED_OUT -> StatusPage.REQUEST_TIMEOUT.refusal();
            case TOO_LARGE -> StatusPage.REQUEST_ENTITY_TOO_LARGE.refusal();
            case MALFORMED -> StatusPage.CLIENT_DISCONNECT.refusal();
        };
    }

    /** What is told of a fault of the site; the rest goes into the log. */
    static SwiftRefusal refusal(HttpRequest http, StoreException e) {
        return switch (e.category()) {
            case UNAVAILABLE -> {
                LOG.log(Level.WARNING, "request {0}: {1}", http.id(), e.getMessage());
                yield StatusPage.SERVICE_UNAVAILABLE.refusal().header("Retry-After", "5");
            }
            case FULL -> {
                LOG.log(Level.WARNING, "request {0}: {1}", http.id(), e.getMessage());
                yield StatusPage.INSUFFICIENT_STORAGE.refusal();
            }
            case READ_ONLY -> StatusPage.METHOD_NOT_ALLOWED.refusal(String.valueOf(e.getMessage()));
            case LOST -> {
                LOG.log(Level.ERROR, "request " + http.id() + ": bytes are lost", e);
                yield StatusPage.INTERNAL_ERROR.refusal();
            }
        };
    }
}
