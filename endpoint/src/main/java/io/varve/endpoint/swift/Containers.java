package io.varve.endpoint.swift;

import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.swift.SwiftAccess.Deed;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds what a request names and checks that its sender may have it. The sender is checked first:
 * who may not look is not told whether there is anything. Safe for use by many threads.
 */
final class Containers {
    private final ObjectStore store;
    private final SwiftAccess access;

    Containers(ObjectStore store) {
        this.store = store;
        this.access = new SwiftAccess(store);
    }

    /** The container of this name, if the account has it. */
    Optional<Bucket> find(String account, String name) {
        return store.bucket(account, name).filter(bucket -> bucket.owner().equals(account));
    }

    /** A container whose objects the sender may see. */
    Bucket listable(SwiftCall call) {
        return permitted(call, null, Deed.LIST, Optional::empty);
    }

    /** The container of an object that the sender may read. */
    Bucket readable(SwiftCall call) {
        return permitted(
                call,
                call.objectName(),
                Deed.READ,
                () ->
                        find(call.account(), call.containerName())
                                .flatMap(bucket -> current(bucket, call.objectName())));
    }

    /** The container of an object that the sender may put or change. */
    Bucket writable(SwiftCall call) {
        return permitted(call, call.objectName(), Deed.WRITE, Optional::empty);
    }

    /** The container of an object that the sender may delete. */
    Bucket deletable(SwiftCall call) {
        return permitted(call, call.objectName(), Deed.DELETE, Optional::empty);
    }

    private Bucket permitted(
            SwiftCall call,
            @Nullable String key,
            Deed deed,
            Supplier<Optional<ObjectVersion>> object) {
        Optional<Bucket> bucket = find(call.account(), call.containerName());
        if (bucket.isPresent()) {
            if (!isSigned(call, bucket.get())
                    && !access.allows(call, bucket.get(), key, deed, object)) {
                throw call.denied();
            }
            return bucket.get();
        }
        if (call.role() != AccountRole.NONE || call.signed() != null) {
            throw StatusPage.NOT_FOUND.refusal();
        }
        throw call.denied();
    }

    /** Whether the key that signed the request's URL speaks for this container. */
    private static boolean isSigned(SwiftCall call, Bucket bucket) {
        TempUrls.Signed signed = call.signed();
        if (signed == null || !bucket.owner().equals(call.account())) {
            return false;
        }
        String container = signed.container();
        return container == null || container.equals(bucket.name());
    }

    /** Whether an object may be read as a part of another. */
    boolean mayRead(SwiftCall call, Bucket bucket, ObjectVersion object) {
        return isSigned(call, bucket)
                || access.allows(call, bucket, object.key(), Deed.READ, () -> Optional.of(object));
    }

    /**
     * Whether an object may be read that a link leads to.
     *
     * @param object empty when there is none of that key
     */
    boolean mayRead(SwiftCall call, Bucket bucket, String key, Optional<ObjectVersion> object) {
        return isSigned(call, bucket) || access.allows(call, bucket, key, Deed.READ, () -> object);
    }

    /** Whether the objects of a container may be seen. */
    boolean mayList(SwiftCall call, Bucket bucket) {
        return access.allows(call, bucket, null, Deed.LIST, Optional::empty);
    }

    boolean mayDelete(SwiftCall call, Bucket bucket, String key) {
        return access.allows(call, bucket, key, Deed.DELETE, Optional::empty);
    }

    /** A container that the sender may change as a whole. */
    Bucket owned(SwiftCall call) {
        if (!call.mayWrite()) {
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
