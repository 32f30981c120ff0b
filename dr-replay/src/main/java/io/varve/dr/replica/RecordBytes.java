package io.varve.dr.replica;

import io.varve.journal.StoredRecord;
import io.varve.journal.codec.RecordCodec;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Change;

import java.nio.ByteBuffer;

/** How much a record brings to another site: its payload, and the blobs that it names. */
final class RecordBytes {
    private RecordBytes() {}

    /** The same at both sites, whatever of it was compressed on the way or dropped meanwhile. */
    static long of(StoredRecord record) {
        return of(record, RecordCodec.decode(ByteBuffer.wrap(record.payload())).change());
    }

    static long of(StoredRecord record, Change change) {
        long bytes = record.payload().length;
        for (BlobRef blob : RecordBlobs.of(change)) {
            bytes += blob.lengthBytes();
        }
        return bytes;
    }
}
