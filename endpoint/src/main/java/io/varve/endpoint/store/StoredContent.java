package io.varve.endpoint.store;

import io.varve.projections.namespace.ObjectVersion;

/** The bytes of one version. */
public record StoredContent(ObjectStore store, ObjectVersion version) implements Content {
    @Override
    public long sizeBytes() {
        return version.sizeBytes();
    }

    @Override
    public ObjectReader open(long offset, long lengthBytes) {
        return store.open(version, offset, lengthBytes);
    }
}
