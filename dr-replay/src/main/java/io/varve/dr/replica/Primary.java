package io.varve.dr.replica;

import io.varve.journal.record.BlobRef;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** The site that a standby follows, as it is reached. Safe for use by many threads; calls block. */
public interface Primary {

    /**
     * @throws ReplicaException when it cannot be reached
     */
    PeerReport report();

    /**
     * Its records from a position on; by asking, the standby says that it has all before on stable
     * media.
     *
     * @param wait how long it may wait for there to be any
     * @throws ReplicaException when they cannot be had
     */
    RecordBatch records(long fromPosition, Duration wait);

    /**
     * Asks for blobs.
     *
     * @param blobs at most {@link BlobAnswers#BLOBS_MAX}
     * @param told each answer, in order, on the caller's thread
     * @throws ReplicaException when not all of them were answered
     */
    void blobs(List<BlobRef> blobs, Consumer<BlobAnswer> told);

    /**
     * Where its view stands, and the digest of what that holds there.
     *
     * @throws ReplicaException when it cannot be reached
     */
    ViewMark viewMark();

    /**
     * Opens its view as it is now, to be read range by range.
     *
     * @throws ReplicaException when it cannot be reached
     */
    RemoteView openView();

    /**
     * The chain hash at a position, in hexadecimal; empty when its journal ends before.
     *
     * @throws ReplicaException when it cannot be reached
     */
    String chainAt(long position);
}
