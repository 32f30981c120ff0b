package io.varve.dr.replica;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.WindowChange;

import java.util.List;

/** Which blobs come into the world with a record. */
public final class RecordBlobs {
    private RecordBlobs() {}

    /** In the order of their bytes; empty for a change that brings none. */
    public static List<BlobRef> of(Change change) {
        return switch (change) {
            case ObjectChange object -> of(object);
            case UploadChange upload -> of(upload);
            case AccountChange _, BucketChange _, IdentityChange _ -> List.of();
            case TopologyChange _, WindowChange _ -> List.of();
        };
    }

    private static List<BlobRef> of(ObjectChange change) {
        return switch (change) {
            case ObjectChange.PutObject put -> put.manifest().blobs();
            case ObjectChange.TransitionVersion moved -> moved.manifest().blobs();
            case ObjectChange.CopyObject _, ObjectChange.DeleteObject _ -> List.of();
            case ObjectChange.SetAttributes _, ObjectChange.ExpireObject _ -> List.of();
            case ObjectChange.RemoveVersion _, ObjectChange.RestoreVersion _ -> List.of();
            case ObjectChange.WithdrawObject _, ObjectChange.EraseHistory _ -> List.of();
        };
    }

    private static List<BlobRef> of(UploadChange change) {
        return switch (change) {
            case UploadChange.PutPart put -> put.manifest().blobs();
            case UploadChange.StartUpload _, UploadChange.CompleteUpload _ -> List.of();
            case UploadChange.AbortUpload _ -> List.of();
        };
    }
}
