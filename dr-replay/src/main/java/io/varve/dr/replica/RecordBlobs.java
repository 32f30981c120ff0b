package io.varve.dr.replica;

import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Change;
import io.varve.journal.record.ObjectChange.PutObject;
import io.varve.journal.record.ObjectChange.TransitionVersion;
import io.varve.journal.record.UploadChange.PutPart;

import java.util.List;

/** Which blobs come into the world with a record. */
public final class RecordBlobs {
    private RecordBlobs() {}

    /** In the order of their bytes; empty for a change that brings none. */
    public static List<BlobRef> of(Change change) {
        return switch (change) {
            case PutObject put -> put.manifest().blobs();
            case PutPart put -> put.manifest().blobs();
            case TransitionVersion moved -> moved.manifest().blobs();
            default -> List.of();
        };
    }
}
