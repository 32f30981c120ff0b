package io.varve.endpoint.s3;

import io.varve.endpoint.access.AccountNames;
import io.varve.endpoint.large.LargeObjectException;
import io.varve.endpoint.link.LinkException;
import io.varve.endpoint.server.BodyException;
import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.AsOf;
import io.varve.endpoint.store.NoSnapshotException;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PastException;
import io.varve.endpoint.store.StoreException;
import io.varve.projections.namespace.MomentException;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * The S3 front end: tells what a request is, who sent it, lets the operation answer, and turns
 * every refusal into S3's error. Safe for use by many threads.
 *
 * <p>A request is authenticated before anything of the store is looked at. What went wrong at the
 * site is logged here and told to the client without detail.
 */
public final class S3Endpoint implements HttpHandler {
    private static final Logger LOG = System.getLogger(S3Endpoint.class.getName());
    private static final String RETRY_AFTER_SECONDS = "5";

    private final S3Config config;
    private final AccountNames names;
    private final Authenticator authenticator;
    private final Operations operations;
    private final PastOperations past;
    private final PastDocuments documents;
    private final CrossOrigin crossOrigin;

    /** Owners are shown by their ids. */
    public S3Endpoint(ObjectStore store, Credentials credentials, S3Config config) {
        this(store, credentials, AccountNames.NONE, config);
    }

    public S3Endpoint(
            ObjectStore store, Credentials credentials, AccountNames names, S3Config config) {
        this.config = config;
        this.names = names;
        this.authenticator = new Authenticator(credentials, config);
        this.operations = new Operations(store, config);
        this.past = new PastOperations(store, config);
        this.documents = new PastDocuments(store);
        this.crossOrigin = new CrossOrigin(store, config);
    }

    @Override
    public HttpResponse handle(HttpRequest http) throws IOException {
        try {
            return crossOrigin.told(http, answer(http));
        } catch (S3Refusal refusal) {
            return crossOrigin.told(http, error(http, refusal));
        } catch (LinkException e) {
            return crossOrigin.told(http, error(http, refusal(e)));
        } catch (LargeObjectException e) {
            S3Error error = e.denied() ? S3Error.ACCESS_DENIED : S3Error.SEGMENT_UNAVAILABLE;
            return crossOrigin.told(http, error(http, error.refusal()));
        } catch (MomentException e) {
            return error(http, S3Error.INVALID_REQUEST.refusal(PastException.told(e)));
        } catch (NoSnapshotException e) {
            return error(http, S3Error.NO_SUCH_BUCKET.refusal(String.valueOf(e.getMessage())));
        } catch (PastException e) {
            String message = String.valueOf(e.getMessage());
            return error(http, S3Error.INVALID_REQUEST.refusal(message));
        } catch (BodyException e) {
            return error(http, refusal(e));
        } catch (StoreException e) {
            return error(http, refusal(http, e));
        }
    }

    private HttpResponse answer(HttpRequest http) throws IOException {
        S3Request request = S3Request.parse(http, config);
        if (PastDocuments.isAsked(request)) {
            return pastDocument(http, request);
        }
        Operation operation = Operation.of(request);
        http.notes().operation(operation.s3Name());
        if (operation == Operation.PREFLIGHT_BUCKET || operation == Operation.PREFLIGHT_OBJECT) {
            return crossOrigin.preflight(request);
        }
        Authentication authentication = authenticator.authenticate(request, http.receivedAt());
        http.notes().principal(authentication.credential().principal());
        S3Call call = new S3Call(request, authentication, operation, names);
        AsOf asOf = call.asOf();
        return asOf == null
                ? operations.perform(operation, call)
                : past.perform(operation, call, asOf);
    }

    /** The words of S3 for it are those of a listing; who may do what is asked by its own. */
    private HttpResponse pastDocument(HttpRequest http, S3Request request) {
        http.notes().operation("Varve.Past");
        Authentication authentication = authenticator.authenticate(request, http.receivedAt());
        http.notes().principal(authentication.credential().principal());
        return documents.answer(
                new S3Call(request, authentication, Operation.LIST_OBJECTS_V2, names));
    }

    private HttpResponse error(HttpRequest http, S3Refusal refusal) {
        http.notes().errorCode(refusal.error().code());
        HttpResponse.Builder out =
                S3Request.respond(http, config.hostId(), refusal.error().status());
        refusal.headers().forEach(header -> out.header(header.name(), header.value()));
        XmlWriter xml =
                XmlWriter.plainDocument("Error")
                        .element("Code", refusal.error().code())
                        .element("Message", refusal.message());
        refusal.details().forEach(detail -> xml.element(detail.name(), detail.value()));
        xml.element("Resource", http.rawPath())
                .element("RequestId", http.id().toString())
                .element("HostId", config.hostId());
        return out.header("Content-Type", "application/xml").body(xml.finish());
    }

    private static S3Refusal refusal(LinkException e) {
        return switch (e.reason()) {
            case DENIED -> S3Error.ACCESS_DENIED.refusal();
            case GONE -> S3Error.NO_SUCH_KEY.refusal("What this link leads to does not exist.");
            case CHANGED, TOO_MANY -> S3Error.LINK_UNAVAILABLE.refusal();
        };
    }

    /** Nobody reads the answer to a client that is gone: that one passes through. */
    private static S3Refusal refusal(BodyException e) throws BodyException {
        return switch (e.reason()) {
            case DISCONNECTED -> throw e;
            case TIMED_OUT -> S3Error.REQUEST_TIMEOUT.refusal();
            case TOO_LARGE -> S3Error.ENTITY_TOO_LARGE.refusal();
            case MALFORMED -> S3Error.INCOMPLETE_BODY.refusal();
        };
    }

    private static S3Refusal refusal(HttpRequest http, StoreException e) {
        return switch (e.category()) {
            case UNAVAILABLE -> {
                LOG.log(Level.WARNING, "request {0}: {1}", http.id(), e.getMessage());
                yield S3Error.SERVICE_UNAVAILABLE
                        .refusal()
                        .header("Retry-After", RETRY_AFTER_SECONDS);
            }
            case FULL -> {
                LOG.log(Level.WARNING, "request {0}: {1}", http.id(), e.getMessage());
                yield S3Error.INSUFFICIENT_STORAGE.refusal();
            }
            case READ_ONLY -> S3Error.METHOD_NOT_ALLOWED.refusal(String.valueOf(e.getMessage()));
            case LOST -> {
                LOG.log(Level.ERROR, "request " + http.id() + ": bytes are lost", e);
                yield S3Error.INTERNAL_ERROR.refusal();
            }
        };
    }
}
