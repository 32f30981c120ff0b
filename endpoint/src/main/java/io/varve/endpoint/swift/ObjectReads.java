package io.varve.endpoint.swift;

import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

/** GET and HEAD of an object. Safe for use by many threads. */
final class ObjectReads {
    private final ObjectStore store;
    private final Containers containers;

    ObjectReads(ObjectStore store, Containers containers) {
        this.store = store;
        this.containers = containers;
    }

    HttpResponse get(SwiftCall call) {
        Bucket bucket = containers.readable(call);
        ObjectVersion object =
                containers
                        .current(bucket, call.objectName())
                        .orElseThrow(StatusPage.NOT_FOUND::refusal);
        return representation(object).answer(call);
    }

    private Representation representation(ObjectVersion object) {
        return new Representation(
                ObjectHeaders.contentType(object),
                object.etag(),
                object.createdMicros(),
                ObjectHeaders.shown(object),
                new StoredContent(store, object));
    }
}
