package io.varve.endpoint.store;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.UploadChange;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The store as protocols see it. Safe for use by many threads; calls block (they are made on
 * virtual threads).
 *
 * <p>A command returns once its record is durable and applied, with the record's outcome, so that
 * every later query sees it. Client outcomes are values ({@link Outcome}); a fault of the site is a
 * {@link StoreException}.
 */
public interface ObjectStore {

    /**
     * The namespace as of now: whatever was answered before the call is in it. What has expired is
     * absent from it, removed already or not.
     */
    NamespaceView view();

    /** Within what names of buckets are unique here. */
    NameScope names();

    /** The pools that objects can be in. */
    default StorageClasses storageClasses() {
        return StorageClasses.STANDARD;
    }

    /** The bucket that an account means by a name: its own, or the site's of that name. */
    default Optional<Bucket> bucket(String account, String name) {
        return view().bucket(names().storedName(account, name));
    }

    Outcome change(Caller caller, AccountChange change);

    Outcome change(Caller caller, BucketChange change);

    /**
     * Reads the body to its end, stores it, and puts the version. When the body fails, nothing is
     * left behind and its exception comes out unchanged.
     */
    Outcome put(Caller caller, PutCommand command, ObjectBody body) throws IOException;

    /** Copy, delete, set attributes: changes that carry no bytes. */
    Outcome change(Caller caller, ObjectChange change);

    /**
     * Many changes that carry no bytes; their syncs are shared. Each is taken from the iterable
     * while those before it are under way, so what it takes to make them costs no time of its own.
     * Outcomes come in the order of the changes. When making or submitting one fails, those before
     * it may take effect all the same.
     */
    List<Outcome> changeAll(Caller caller, Iterable<? extends ObjectChange> changes);

    /** Start, complete, abort: upload changes that carry no bytes. */
    Outcome change(Caller caller, UploadChange change);

    /** As {@link #put}, for a part of an upload. */
    Outcome putPart(Caller caller, PartCommand command, ObjectBody body) throws IOException;

    /**
     * Opens {@code lengthBytes} bytes from {@code offset}; both within the version's size.
     *
     * @throws StoreException when no good copy of the first bytes can be read
     */
    ObjectReader open(ObjectVersion version, long offset, long lengthBytes);

    /** Which part of which upload. */
    record PartCommand(long bucketId, String key, long uploadId, int partNumber) {}
}
