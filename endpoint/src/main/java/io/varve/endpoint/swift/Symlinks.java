package io.varve.endpoint.swift;

import io.varve.endpoint.large.LargeObject;
import io.varve.endpoint.link.LinkException;
import io.varve.endpoint.link.LinkStep;
import io.varve.endpoint.link.Links;
import io.varve.endpoint.link.SymbolicLink;
import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.Precondition;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/** Symbolic links in Swift's words: made, followed, and shown. Safe for use by many threads. */
final class Symlinks {
    private static final String TARGET = "X-Symlink-Target";
    private static final String TARGET_ACCOUNT = "X-Symlink-Target-Account";
    private static final String TARGET_ETAG = "X-Symlink-Target-Etag";
    private static final String LINK_TYPE = "application/symlink";

    private static final String POSTED =
            "The requested POST was applied to a symlink. POST directly to the target to apply"
                    + " requested metadata.";

    private final ObjectStore store;
    private final Containers containers;
    private final String resellerPrefix;
    private final Links links;

    Symlinks(ObjectStore store, Containers containers, SwiftConfig config) {
        this.store = store;
        this.containers = containers;
        this.resellerPrefix = config.resellerPrefix();
        this.links = new Links(store);
    }

    static boolean isMadeBy(SwiftRequest request) {
        return request.hasHeader("x-symlink-target");
    }

    /** Whether a request is about links themselves, not about what they lead to. */
    static boolean isAboutLinks(SwiftCall call) {
        return "get".equals(call.query().first("symlink"));
    }

    HttpResponse put(SwiftCall call, WriteConditions conditions) throws IOException {
        Bucket bucket = containers.writable(call);
        Precondition condition = conditions.of(call, bucket);
        ObjectWrites.requireName(call.objectName());
        requireNoBody(call.request());
        SymbolicLink link = asked(call);
        Attributes attributes = ObjectHeaders.ofPut(call);
        SortedMap<String, String> headers = new TreeMap<>(attributes.headers());
        boolean typed = !call.request().headerOrEmpty("content-type").isEmpty();
        if (link.isStatic()) {
            ObjectVersion target = requireTarget(call, link);
            LargeObject.Static large = ListedObjects.large(target);
            link =
                    link.withTarget(
                            ListedObjects.shownBytes(target), large == null ? null : large.etag());
            headers.put(
                    "content-type", typed ? contentType(call) : ObjectHeaders.contentType(target));
        } else if (!typed) {
            headers.put("content-type", LINK_TYPE);
        }
        SortedMap<String, String> settings = new TreeMap<>(attributes.settings());
        link.writeTo(settings);
        PutCommand command =
                new PutCommand(
                        bucket.id(),
                        call.objectName(),
                        new Attributes(headers, attributes.metadata(), settings),
                        condition);
        Outcome outcome = store.put(call.caller(), command, UploadBody.of(call.request()));
        return ObjectWrites.created(
                        call, Outcomes.expect(Outcome.ObjectPut.class, outcome).version())
                .build();
    }

    /** A link as another site has it, whose target may not be here yet. */
    SymbolicLink synced(SwiftCall call) {
        SymbolicLink link = asked(call);
        String bytes = call.request().headerOrEmpty("x-symlink-target-bytes");
        return bytes.matches("[0-9]{1,18}") ? link.withTarget(Long.parseLong(bytes), null) : link;
    }

    private static String contentType(SwiftCall call) {
        return call.request().headerOrEmpty("content-type");
    }

    private static void requireNoBody(SwiftRequest request) throws IOException {
        boolean empty =
                request.http().chunked()
                        ? request.http().body().read() < 0
                        : request.http().contentLength().orElse(0) == 0;
        if (!empty) {
            throw StatusPage.BAD_REQUEST.plain("Symlink requests require a zero byte body");
        }
    }

    /** The link that a request wants, as far as its form goes. */
    private SymbolicLink asked(SwiftCall call) {
        String path = Percent.decode(call.request().headerOrEmpty("x-symlink-target")).orElse("");
        int slash = path.indexOf('/');
        if (slash <= 0 || slash == path.length() - 1) {
            throw StatusPage.PRECONDITION_FAILED.plain(
                    TARGET + " header must be of the form <container name>/<object name>");
        }
        String account = account(call);
        String container = path.substring(0, slash);
        String object = path.substring(slash + 1);
        if ((account == null || account.equals(call.account()))
                && container.equals(call.containerName())
                && object.equals(call.objectName())) {
            throw StatusPage.BAD_REQUEST.plain("Symlink cannot target itself");
        }
        String etag =
                Representation.bare(call.request().headerOrEmpty("x-symlink-target-etag").strip());
        if (etag.contains(";") || etag.contains("\"") || etag.contains("\\")) {
            throw StatusPage.BAD_REQUEST.plain("Bad " + TARGET_ETAG + " format");
        }
        return new SymbolicLink(
                account,
                container,
                object,
                Percent.encode(path),
                etag.isEmpty() ? null : etag,
                0,
                null);
    }

    /** A link that is copied, but for what the request says of its target. */
    SymbolicLink copied(SwiftCall call, SymbolicLink link) {
        String account = account(call);
        return account == null ? link : link.withAccount(account);
    }

    private @Nullable String account(SwiftCall call) {
        String header = call.header("x-symlink-target-account");
        if (header == null) {
            return null;
        }
        String account = Percent.decode(header).orElse("");
        if (account.isEmpty() || account.contains("/")) {
            throw StatusPage.PRECONDITION_FAILED.refusal("Account name cannot contain slashes");
        }
        if (!account.startsWith(resellerPrefix)) {
            throw StatusPage.FORBIDDEN.refusal();
        }
        return account.substring(resellerPrefix.length());
    }

    /**
     * What a static link is to lead to.
     *
     * @throws SwiftRefusal when it is not there, or is another thing
     */
    ObjectVersion requireTarget(SwiftCall call, SymbolicLink link) {
        try {
            return links.target(call.account(), link, reader(call)).object();
        } catch (LinkException e) {
            throw e.reason() == LinkException.Reason.GONE
                    ? located(StatusPage.CONFLICT.plain("X-Symlink-Target does not exist"), call, e)
                    : refusal(call, e);
        }
    }

    private Links.Reader reader(SwiftCall call) {
        return (bucket, key, object) -> containers.mayRead(call, bucket, key, object);
    }

    /**
     * What a reader gets who names an object: what it leads to, when it is a link.
     *
     * @throws SwiftRefusal when that is not to be had
     */
    Links.Found follow(SwiftCall call, Bucket bucket, ObjectVersion object) {
        try {
            return links.follow(bucket, object, reader(call));
        } catch (LinkException e) {
            throw refusal(call, e);
        }
    }

    private SwiftRefusal refusal(SwiftCall call, LinkException e) {
        return switch (e.reason()) {
            case DENIED -> located(call.denied(), call, e);
            case GONE -> located(StatusPage.NOT_FOUND.refusal(), call, e);
            case TOO_MANY -> StatusPage.CONFLICT.plain(String.valueOf(e.getMessage()));
            case CHANGED ->
                    located(StatusPage.CONFLICT.plain(String.valueOf(e.getMessage())), call, e);
        };
    }

    private SwiftRefusal located(SwiftRefusal refusal, SwiftCall call, LinkException e) {
        return refusal.header("Content-Location", location(call, e.step()));
    }

    /** Where a link led, as a path. */
    String location(SwiftCall call, LinkStep step) {
        return call.path().prefix()
                + "/"
                + Percent.encode(resellerPrefix + step.account())
                + "/"
                + step.link().written();
    }

    /** Where a link in a listing leads, as a path. */
    String location(SwiftCall call, SymbolicLink link) {
        String account = link.account();
        return location(call, new LinkStep(account == null ? call.account() : account, link));
    }

    /** What a request about a link itself is told of it. */
    HttpHeaders described(ObjectVersion object) {
        HttpHeaders.Builder out = new HttpHeaders.Builder();
        SymbolicLink.of(object)
                .ifPresent(
                        link -> {
                            out.add(TARGET, link.written());
                            if (link.account() != null) {
                                out.add(
                                        TARGET_ACCOUNT,
                                        Percent.encode(resellerPrefix + link.account()));
                            }
                            if (link.etag() != null) {
                                out.add(TARGET_ETAG, link.etag());
                                out.add("X-Symlink-Target-Bytes", Long.toString(link.sizeBytes()));
                            }
                        });
        return out.build();
    }

    /** A link cannot be changed by a POST, which lands on it and is to be sent to its target. */
    static void requireNotMade(SwiftCall call) {
        if (isMadeBy(call.request())) {
            throw StatusPage.BAD_REQUEST.plain("A PUT request is required to set a symlink target");
        }
    }

    HttpResponse redirected(SwiftCall call, SymbolicLink link) {
        HttpResponse.Builder out =
                call.respond(StatusPage.TEMPORARY_REDIRECT.status())
                        .header("Content-Type", "text/html; charset=UTF-8")
                        .header("Location", location(call, link));
        if (link.etag() != null) {
            out.header(TARGET_ETAG, link.etag());
        }
        return out.body(POSTED.getBytes(StandardCharsets.UTF_8));
    }
}
