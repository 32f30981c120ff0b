package io.varve.dr.replica;

import io.varve.journal.record.BlobRef;

/** What the other site says of one blob that it was asked for. */
public sealed interface BlobAnswer {
    BlobRef blob();

    /**
     * Its payload, all of it.
     *
     * @param stored as it is stored: in compressed form if the blob's id says so
     */
    record Bytes(BlobRef blob, byte[] stored) implements BlobAnswer {}

    /**
     * It is not there any more: no version that is left names it, or every copy is lost.
     *
     * @param lost whether there are copies, of which none can be read
     */
    record Absent(BlobRef blob, boolean lost) implements BlobAnswer {}

    /** It cannot be read at present, for instance because a device is away. */
    record Unavailable(BlobRef blob) implements BlobAnswer {}
}
