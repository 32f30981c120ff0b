package io.varve.devices;

import java.util.List;

/**
 * The end of a delete.
 *
 * @param blobId what was deleted
 * @param copies how many copies were there and are durably gone
 * @param failedOn devices that could not be asked, or could not make it durable: a copy may be left
 *     there, for an audit to find
 */
public record BlobDeleted(BlobId blobId, int copies, List<Integer> failedOn) {
    public BlobDeleted {
        failedOn = List.copyOf(failedOn);
    }
}
