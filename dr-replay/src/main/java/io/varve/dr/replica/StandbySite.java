package io.varve.dr.replica;

import io.varve.journal.StoredJournal;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Change;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The site that follows, as replay sees it. */
public interface StandbySite {

    StoredJournal journal();

    /** Does what has to be done before blobs of later records come, e.g. opens their pool. */
    void prepare(Change change);

    /** Whether a blob is there with its whole length. */
    boolean has(BlobRef blob);

    /**
     * Stores a blob by this site's own map. The future completes once enough copies are on stable
     * media.
     *
     * @param change of the record that brings it
     * @param timeMicros of that record
     */
    CompletableFuture<?> store(Change change, long timeMicros, BlobRef blob, byte[] bytes);

    /** Is told, once the records that name them are applied, that blobs are no leftovers. */
    void settled(List<BlobRef> blobs);

    /** Waits until the view has applied a position that is durable. */
    void awaitApplied(long position) throws InterruptedException;

    /** Drops the blobs that were released by records up to a position. */
    void dropReleased(long throughPosition);

    /**
     * Remembers, before the records are appended that name absent blobs, that the site is whole
     * again only from a position on.
     */
    void wholeFrom(long position);
}
