package io.varve.endpoint.swift;

import io.varve.endpoint.large.LargeObject;
import io.varve.endpoint.large.LargeObjects;
import io.varve.endpoint.large.Manifest;
import io.varve.endpoint.large.Segment;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.endpoint.store.StoredContent;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What other sites send: objects as they are there, whatever they consist of. What is newer here
 * stays, which the order of the journal decides. Safe for use by many threads.
 */
final class SyncWrites {
    private final ObjectStore store;
    private final Containers containers;
    private final Symlinks symlinks;

    SyncWrites(ObjectStore store, Containers containers, Symlinks symlinks) {
        this.store = store;
        this.containers = containers;
        this.symlinks = symlinks;
    }

    HttpResponse handle(SwiftCall call, SyncRequests.Synced synced) throws IOException {
        Bucket bucket =
                containers
                        .find(call.account(), call.containerName())
                        .orElseThrow(StatusPage.NOT_FOUND::refusal);
        return switch (call.request().method()) {
            case "HEAD" -> head(call, bucket);
            case "PUT" -> put(call, bucket, synced);
            case "DELETE" -> delete(call, bucket, synced);
            default -> throw StatusPage.METHOD_NOT_ALLOWED.refusal();
        };
    }

    /** The object itself: not what a manifest or a link stands for, which may not be here yet. */
    private HttpResponse head(SwiftCall call, Bucket bucket) {
        ObjectVersion object =
                containers
                        .current(bucket, call.objectName())
                        .orElseThrow(StatusPage.NOT_FOUND::refusal);
        return new Representation(
                        ObjectHeaders.contentType(object),
                        object.etag(),
                        object.writtenMicros(),
                        ObjectHeaders.shown(object),
                        new StoredContent(store, object))
                .whole(call.respond(200), true);
    }

    private HttpResponse put(SwiftCall call, Bucket bucket, SyncRequests.Synced synced)
            throws IOException {
        ObjectWrites.requireName(call.objectName());
        Attributes attributes = ObjectHeaders.ofPut(call);
        SortedMap<String, String> settings = new TreeMap<>(attributes.settings());
        settings.put(Attributes.ORIGIN, Long.toString(synced.originMicros()));
        UploadBody body = UploadBody.of(call.request());
        if (SwiftQuery.saysYes(call.header("x-static-large-object"))) {
            byte[] manifest = LargeObjectWrites.document(call.request());
            settings.put(LargeObject.SETTING, described(manifest).encode());
            body = UploadBody.of(call.request(), manifest);
        } else if (Symlinks.isMadeBy(call.request())) {
            symlinks.synced(call).writeTo(settings);
        }
        Outcome outcome =
                store.put(
                        call.caller(),
                        new PutCommand(
                                bucket.id(),
                                call.objectName(),
                                attributes.withSettings(settings),
                                new Precondition.IfOlder(synced.originMicros())),
                        body);
        if (outcome.equals(new Outcome.Refused(Refusal.PRECONDITION_FAILED))) {
            // Something newer is here: there is nothing that its sender would have to do.
            return call.page(StatusPage.ACCEPTED);
        }
        return ObjectWrites.created(
                        call, Outcomes.expect(Outcome.ObjectPut.class, outcome).version())
                .build();
    }

    /**
     * @throws SwiftRefusal when it is no manifest in the form in which sites keep one
     */
    private static LargeObject.Static described(byte[] manifest) {
        List<Segment> segments;
        try {
            segments = Manifest.read(manifest);
        } catch (RuntimeException _) {
            throw StatusPage.BAD_REQUEST.plain("Manifest must be valid JSON.\n");
        }
        StringBuilder etags = new StringBuilder();
        long sizeBytes = 0;
        for (Segment segment : segments) {
            if (segment.lengthBytes() < 0) {
                throw StatusPage.BAD_REQUEST.plain("Manifest has a segment of no size.\n");
            }
            etags.append(StaticManifests.etag(segment));
            sizeBytes += segment.lengthBytes();
        }
        return new LargeObject.Static(
                sizeBytes, LargeObjects.md5(etags.toString()), segments.size());
    }

    private HttpResponse delete(SwiftCall call, Bucket bucket, SyncRequests.Synced synced) {
        if (containers.current(bucket, call.objectName()).isEmpty()) {
            throw StatusPage.NOT_FOUND.refusal();
        }
        Outcome outcome =
                store.change(
                        call.caller(),
                        new ObjectChange.DeleteObject(
                                bucket.id(),
                                call.objectName(),
                                null,
                                new Precondition.IfOlder(synced.originMicros())));
        if (outcome.equals(new Outcome.Refused(Refusal.PRECONDITION_FAILED))) {
            throw StatusPage.CONFLICT.refusal();
        }
        Outcomes.expect(Outcome.ObjectDeleted.class, outcome);
        return call.page(StatusPage.OK, call.respond(204));
    }
}
