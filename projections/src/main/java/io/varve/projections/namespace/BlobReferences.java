package io.varve.projections.namespace;

import io.varve.journal.record.BlobRef;

import java.util.List;
import java.util.function.Predicate;

/**
 * A walk over all blobs that the namespace knows of, as of one position: what the devices must
 * have, and what they may have. It costs a pass over the rows of versions and parts, taken in steps
 * so that whoever walks can pause in between; blobs are shown as the rows come, so one that several
 * versions share may be shown several times.
 *
 * <p>Owned by one thread; must be closed, and while it is open it keeps the rows of its moment in
 * the store.
 */
public interface BlobReferences extends AutoCloseable {

    /** Takes what a walk shows. */
    interface Visitor {
        /**
         * A blob of a version that can be read or restored, or of a part of an upload: the devices
         * must have it.
         */
        void needed(BlobRef blob);

        /** A blob that nothing refers to any more, and that the devices have not dropped yet. */
        void released(BlobRef blob);
    }

    /** Of the last record that what is shown takes into account. */
    long position();

    /**
     * Shows the blobs of the next rows.
     *
     * @return whether there are more
     */
    boolean advance(int rowCount, Visitor visitor);

    /**
     * What some blobs belong to, as of the position, wherever the walk stands. Costs a pass over
     * the rows of versions and parts, so it is for what is rare.
     *
     * @param sought tells which blobs
     * @param limit most that are returned
     */
    List<Owner> owners(Predicate<BlobRef> sought, int limit);

    /** What an owner is to the namespace. */
    enum Role {
        CURRENT,
        NONCURRENT,
        /** Overwritten or deleted, within the window. */
        HISTORY,
        /** A part of an upload that is still open. */
        UPLOAD
    }

    /**
     * @param position of the record that made the version or began the upload
     * @param partNumber 0 where the object is not made of parts
     */
    record Owner(
            BlobRef blob, Role role, long bucketId, String key, long position, int partNumber) {}

    @Override
    void close();
}
