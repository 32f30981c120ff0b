package io.varve.endpoint.store;

import io.varve.devices.BlobId;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Manifest;

/**
 * A body whose bytes are durable on the devices but belong to no record yet.
 *
 * @param md5 hexadecimal, lower case
 */
record Stored(Manifest manifest, String md5) {

    static BlobId idOf(BlobRef blob) {
        return new BlobId(blob.idHigh(), blob.idLow());
    }
}
