package io.varve.endpoint.store;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.UploadChange;
import io.varve.projections.namespace.Moment;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;

import java.util.List;

/**
 * The store as it was at a moment, for reading. Nothing can be changed through it: whoever uses it
 * refuses that before. Safe for use by many threads.
 */
public record PastStore(ObjectStore now, Moment moment) implements ObjectStore {

    @Override
    public NamespaceView view() {
        return now.view().at(moment);
    }

    @Override
    public NameScope names() {
        return now.names();
    }

    /** Blobs stay until the window closes over them. */
    @Override
    public ObjectReader open(ObjectVersion version, long offset, long lengthBytes) {
        return now.open(version, offset, lengthBytes);
    }

    private static IllegalStateException readOnly() {
        return new IllegalStateException("the past cannot be changed");
    }

    @Override
    public Outcome change(Caller caller, AccountChange change) {
        throw readOnly();
    }

    @Override
    public Outcome change(Caller caller, BucketChange change) {
        throw readOnly();
    }

    @Override
    public Outcome put(Caller caller, PutCommand command, ObjectBody body) {
        throw readOnly();
    }

    @Override
    public Outcome change(Caller caller, ObjectChange change) {
        throw readOnly();
    }

    @Override
    public List<Outcome> changeAll(Caller caller, List<? extends ObjectChange> changes) {
        throw readOnly();
    }

    @Override
    public Outcome change(Caller caller, UploadChange change) {
        throw readOnly();
    }

    @Override
    public Outcome putPart(Caller caller, PartCommand command, ObjectBody body) {
        throw readOnly();
    }
}
