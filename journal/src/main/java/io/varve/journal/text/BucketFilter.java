package io.varve.journal.text;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.BucketChange.ChangeBucketSettings;
import io.varve.journal.record.BucketChange.CreateBucket;
import io.varve.journal.record.BucketChange.CreateSnapshot;
import io.varve.journal.record.BucketChange.DeleteBucket;
import io.varve.journal.record.BucketChange.RemoveSnapshot;
import io.varve.journal.record.BucketChange.SetVersioning;
import io.varve.journal.record.Change;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.WindowChange;

import java.util.HashSet;
import java.util.Set;

/**
 * Picks the records of one bucket, by its name or by its id. A name stands for every bucket that
 * was ever created by it: which of those creations took effect, only the namespace knows, but a
 * refused one has no further records. Must see all records from the first on. Single-threaded.
 */
public final class BucketFilter {
    private static final String ID_PREFIX = "id:";

    private final String bucket;
    private final Set<Long> ids = new HashSet<>();

    /**
     * @param bucket a name, or an id as {@code id:7}: no name has a colon
     */
    public BucketFilter(String bucket) {
        this.bucket = bucket;
        if (bucket.matches(ID_PREFIX + "\\d{1,18}")) {
            ids.add(Long.parseLong(bucket, ID_PREFIX.length(), bucket.length(), 10));
        }
    }

    /** Whether the record is about the bucket; a copy counts for its source as well. */
    public boolean accepts(JournalRecord record) {
        Change change = record.change();
        if (change instanceof CreateBucket create && create.name().equals(bucket)) {
            ids.add(record.position());
        }
        return switch (change) {
            case CreateBucket _ -> ids.contains(record.position());
            case DeleteBucket c -> ids.contains(c.bucketId());
            case SetVersioning c -> ids.contains(c.bucketId());
            case CreateSnapshot c -> ids.contains(c.bucketId());
            case RemoveSnapshot c -> ids.contains(c.bucketId());
            case ChangeBucketSettings c -> ids.contains(c.bucketId());
            case ObjectChange.CopyObject c ->
                    ids.contains(c.bucketId()) || ids.contains(c.source().bucketId());
            case ObjectChange c -> ids.contains(c.bucketId());
            case UploadChange c -> ids.contains(c.bucketId());
            case AccountChange _ -> false;
            case WindowChange _ -> false;
            case IdentityChange _ -> false;
            case TopologyChange _ -> false;
        };
    }
}
