package io.varve.endpoint.store;

/** The bucket has no snapshot of that name. */
public final class NoSnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoSnapshotException(String name) {
        super("There is no such snapshot: " + name);
    }
}
