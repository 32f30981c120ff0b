package io.varve.endpoint.swift;

import io.varve.endpoint.store.ObjectStore;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import java.util.Optional;

/**
 * Finds what a request names and checks that its sender may have it. The sender is checked first:
 * who may not look is not told whether there is anything. Safe for use by many threads.
 */
final class Containers {
    private final ObjectStore store;

    Containers(ObjectStore store) {
        this.store = store;
    }

    /** The container of this name, if the account has it. */
    Optional<Bucket> find(String account, String name) {
        return store.view().bucket(name).filter(bucket -> bucket.owner().equals(account));
    }

    Bucket readable(SwiftCall call) {
        return readable(call, call.account(), call.containerName());
    }

    Bucket readable(SwiftCall call, String account, String name) {
        Optional<Bucket> bucket = find(account, name);
        if (call.role() == AccountRole.NONE) {
            throw call.denied();
        }
        return bucket.orElseThrow(StatusPage.NOT_FOUND::refusal);
    }

    /** Where objects may be put and deleted. */
    Bucket writable(SwiftCall call) {
        Optional<Bucket> bucket = find(call.account(), call.containerName());
        if (!call.isOwner()) {
            throw call.denied();
        }
        return bucket.orElseThrow(StatusPage.NOT_FOUND::refusal);
    }

    /** A container that the sender may change as a whole. */
    Bucket owned(SwiftCall call) {
        if (!call.isOwner()) {
            throw call.denied();
        }
        return find(call.account(), call.containerName())
                .orElseThrow(StatusPage.NOT_FOUND::refusal);
    }

    /** What a plain read of the name finds. */
    Optional<ObjectVersion> current(Bucket bucket, String name) {
        return store.view().latest(bucket.id(), name).filter(version -> !version.deleteMarker());
    }
}
