package io.varve.endpoint.store;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.UploadChange;
import io.varve.projections.namespace.Moment;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Snapshot;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The store as it was at a moment, for reading. Nothing can be changed through it: whoever uses it
 * refuses that before. Safe for use by many threads.
 */
public final class PastStore implements ObjectStore {
    private final ObjectStore now;
    private final UnaryOperator<NamespaceView> past;

    private PastStore(ObjectStore now, UnaryOperator<NamespaceView> past) {
        this.now = now;
        this.past = past;
    }

    public static PastStore of(ObjectStore now, Moment moment) {
        return new PastStore(now, view -> view.at(moment));
    }

    /** To be asked about the snapshot's bucket alone. */
    static PastStore of(ObjectStore now, Snapshot snapshot) {
        return new PastStore(now, view -> view.at(snapshot));
    }

    @Override
    public NamespaceView view() {
        return past.apply(now.view());
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
    public List<Outcome> changeAll(Caller caller, Iterable<? extends ObjectChange> changes) {
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
