package io.varve.endpoint.swift;

import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;
import io.varve.projections.namespace.ObjectVersion;

/** The bytes of one version. */
record StoredContent(ObjectStore store, ObjectVersion version) implements Content {
    @Override
    public long sizeBytes() {
        return version.sizeBytes();
    }

    @Override
    public ObjectReader open(long offset, long lengthBytes) {
        return store.open(version, offset, lengthBytes);
    }
}
