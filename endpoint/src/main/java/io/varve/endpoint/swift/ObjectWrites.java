package io.varve.endpoint.swift;

import io.varve.endpoint.link.SymbolicLink;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

import java.io.IOException;

/** PUT and DELETE of one object. Safe for use by many threads. */
final class ObjectWrites {
    /** How often an object that changes between look-up and record is looked up again. */
    private static final int MAX_ATTEMPTS = 8;

    private final ObjectStore store;
    private final Containers containers;
    private final Symlinks symlinks;
    private final Versions versions;
    private final WriteConditions conditions;

    ObjectWrites(
            ObjectStore store,
            Containers containers,
            Symlinks symlinks,
            Versions versions,
            WriteConditions conditions) {
        this.store = store;
        this.containers = containers;
        this.symlinks = symlinks;
        this.versions = versions;
        this.conditions = conditions;
    }

    HttpResponse put(SwiftCall call) throws IOException {
        Bucket bucket = containers.writable(call);
        Precondition condition = conditions.of(call, bucket);
        requireName(call.objectName());
        Attributes attributes = ObjectHeaders.ofPut(call);
        PutCommand command = new PutCommand(bucket.id(), call.objectName(), attributes, condition);
        Outcome outcome = store.put(call.caller(), command, UploadBody.of(call.request()));
        return created(call, Outcomes.expect(Outcome.ObjectPut.class, outcome).version()).build();
    }

    static void requireName(String name) {
        int length = Utf8.length(name);
        if (length > Limits.MAX_OBJECT_NAME_BYTES) {
            throw StatusPage.BAD_REQUEST.plain(
                    "Object name length of %d longer than %d"
                            .formatted(length, Limits.MAX_OBJECT_NAME_BYTES));
        }
    }

    static HttpResponse.Builder created(SwiftCall call, ObjectVersion version) {
        return created(call, version, version.etag());
    }

    static HttpResponse.Builder created(SwiftCall call, ObjectVersion version, String etag) {
        HttpResponse.Builder out =
                call.respond(201)
                        .header("Content-Type", "text/html; charset=UTF-8")
                        .header("Etag", etag)
                        .header("Last-Modified", Times.http(version.writtenMicros()));
        Versions.describe(out, version);
        return out;
    }

    HttpResponse post(SwiftCall call) {
        Symlinks.requireNotMade(call);
        if (Versions.isAsked(call)) {
            throw StatusPage.BAD_REQUEST.refusal("POST to a specific version is not allowed");
        }
        Bucket bucket = containers.writable(call);
        for (int attempt = 0; ; attempt++) {
            ObjectVersion object =
                    containers
                            .current(bucket, call.objectName())
                            .orElseThrow(StatusPage.NOT_FOUND::refusal);
            Outcome outcome =
                    store.change(
                            call.caller(),
                            new ObjectChange.SetAttributes(
                                    bucket.id(),
                                    object.key(),
                                    object.position(),
                                    object.revision(),
                                    ObjectHeaders.ofPost(call, object.attributes()),
                                    true));
            if (outcome instanceof Outcome.Refused(Refusal reason)
                    && (reason == Refusal.REVISED || reason == Refusal.NO_SUCH_VERSION)
                    && attempt < MAX_ATTEMPTS) {
                continue;
            }
            Outcomes.expect(Outcome.AttributesSet.class, outcome);
            return SymbolicLink.of(object)
                    .map(link -> symlinks.redirected(call, link))
                    .orElseGet(() -> call.page(StatusPage.ACCEPTED));
        }
    }

    HttpResponse delete(SwiftCall call) {
        Bucket bucket = containers.deletable(call);
        ObjectHeaders.requireExpiry(call, () -> containers.current(bucket, call.objectName()));
        return versions.delete(call, bucket);
    }
}
