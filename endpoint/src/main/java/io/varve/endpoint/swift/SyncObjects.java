package io.varve.endpoint.swift;

import io.varve.endpoint.link.SymbolicLink;
import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.sync.SyncSource;
import io.varve.projections.namespace.ObjectVersion;

import java.util.ArrayList;
import java.util.List;

/**
 * Objects as other sites are sent them: as they are kept, a manifest as the manifest and a link as
 * the link. Safe for use by many threads.
 */
public final class SyncObjects implements SyncSource {
    private final ObjectStore store;
    private final Symlinks symlinks;

    public SyncObjects(ObjectStore store, SwiftConfig config) {
        this.store = store;
        this.symlinks = new Symlinks(store, new Containers(store), config);
    }

    @Override
    public Outgoing of(ObjectVersion object) {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("Content-Type", ObjectHeaders.contentType(object)));
        if (object.partCount() == 0) {
            headers.add(new Header("Etag", object.etag()));
        }
        addAll(headers, ObjectHeaders.shown(object));
        if (SymbolicLink.of(object).isPresent()) {
            addAll(headers, symlinks.described(object));
        }
        return new Outgoing(
                headers,
                object.sizeBytes(),
                out -> {
                    try (ObjectReader reader = store.open(object, 0, object.sizeBytes())) {
                        reader.transferTo(out);
                    }
                });
    }

    private static void addAll(List<Header> headers, HttpHeaders shown) {
        for (HttpHeaders.Field field : shown.fields()) {
            // An object in parts arrives in one.
            if (!field.value().equals("False")) {
                headers.add(new Header(field.name(), field.value()));
            }
        }
    }
}
