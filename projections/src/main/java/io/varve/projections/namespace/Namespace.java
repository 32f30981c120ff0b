package io.varve.projections.namespace;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.Versioning;
import io.varve.journal.record.WindowChange;
import io.varve.projections.Checkpoint;
import io.varve.projections.RowChange;
import io.varve.projections.ViewBatch;
import io.varve.projections.identity.IdentityFold;
import io.varve.projections.identity.IdentityRefusal;
import io.varve.projections.topology.TopologyFold;
import io.varve.projections.topology.TopologyRefusal;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The fold that makes the namespace: each record in turn, nothing else. It asks no clock and draws
 * no random number, so that wherever the same records are applied the same rows come out.
 * Single-threaded: owned by the thread that folds.
 *
 * <p>A refused record leaves the namespace as it was. What it may leave behind are the blobs it
 * brought, which are listed as released.
 */
public final class Namespace {
    /**
     * How many records back a repeated request is recognised. Whoever retries must do so within
     * that many records.
     */
    public static final int RECENT_REQUEST_COUNT = 65_536;

    private final ViewBatch batch;
    private final BucketTable buckets;
    private final ObjectFold objects;
    private final UploadFold uploads;
    private final WindowFold window;
    private final IdentityFold identity;
    private final TopologyFold topology;
    private final ContentTable contents;
    private final EndedTable ended;
    private final TimeTable times;
    private final SnapshotTable snapshots;
    private final RecentRequests recent = new RecentRequests(RECENT_REQUEST_COUNT);
    private long appliedPosition;

    /**
     * What a batch of records did that readers keep in memory.
     *
     * @param buckets that were created or changed, as they are now
     * @param removed as they were
     * @param accounts that were changed, as they are now
     * @param identity rows of identity, in the order in which they were changed
     * @param topology rows of the topology, in the order in which they were changed
     */
    record Commit(
            Checkpoint checkpoint,
            List<Bucket> buckets,
            List<Bucket> removed,
            List<Account> accounts,
            List<RowChange> identity,
            List<RowChange> topology) {}

    public Namespace(ViewBatch batch) {
        this.batch = batch;
        appliedPosition = batch.checkpoint().position();
        ended = new EndedTable(batch);
        buckets = new BucketTable(batch);
        times = new TimeTable(batch);
        snapshots = new SnapshotTable(batch);
        TurnTable turns = new TurnTable(batch, snapshots);
        VersionTable versions = new VersionTable(batch, ended, turns);
        contents = new ContentTable(batch);
        UploadTable uploadTable = new UploadTable(batch, contents);
        Archive archive = new Archive(batch, buckets, versions, contents);
        objects =
                new ObjectFold(
                        buckets, versions, contents, archive, new ErasureFold(batch, contents));
        uploads = new UploadFold(buckets, versions, contents, uploadTable, ended, archive);
        window = new WindowFold(batch, buckets, contents, uploadTable, turns, times, snapshots);
        identity = new IdentityFold(batch);
        topology = new TopologyFold(batch);
    }

    /** The first record whose request must be remembered before the next record is applied. */
    public long firstRecentPosition() {
        return Math.max(1, appliedPosition - RECENT_REQUEST_COUNT + 1);
    }

    /** Remembers the request of a record that was applied before this view was opened. */
    public void remember(long position, RequestId request) {
        if (position > appliedPosition) {
            throw new IllegalArgumentException(
                    "record not applied yet: position="
                            + position
                            + ", applied="
                            + appliedPosition);
        }
        recent.repeats(position, request);
    }

    /** Applies the next record. Its effect shows to readers at the next {@link #commit}. */
    public Outcome apply(JournalRecord record) {
        if (record.position() != appliedPosition + 1) {
            throw new IllegalStateException(
                    "records out of order: applied="
                            + appliedPosition
                            + ", next="
                            + record.position());
        }
        appliedPosition = record.position();
        times.add(record);
        if (recent.repeats(record.position(), record.requestId())) {
            return new Outcome.Refused(Refusal.REPEATED_REQUEST);
        }
        Manifest brought = brought(record.change());
        if (!brought.blobs().isEmpty() && topology.isShut(brought.pool())) {
            contents.releaseRefused(brought, record.position());
            return new Outcome.Refused(Refusal.STORAGE_CLASS_CLOSED);
        }
        return switch (record.change()) {
            case AccountChange change -> apply(change);
            case BucketChange change -> apply(change, record);
            case ObjectChange change -> objects.apply(change, record);
            case UploadChange change -> uploads.apply(change, record);
            case WindowChange change -> window.apply(change, record);
            case IdentityChange change -> apply(change, record);
            case TopologyChange change -> apply(change, record);
        };
    }

    /** The blobs that the namespace does not know yet. */
    private static Manifest brought(Change change) {
        return switch (change) {
            case ObjectChange.PutObject put -> put.manifest();
            case ObjectChange.TransitionVersion transition -> transition.manifest();
            case UploadChange.PutPart put -> put.manifest();
            default -> Manifest.EMPTY;
        };
    }

    /** Writes what the records since the last call have done, all at once. */
    Commit commit(JournalRecord last) {
        BucketTable.Changes changes = buckets.settle();
        times.settle();
        Checkpoint checkpoint = batch.commit(last);
        return new Commit(
                checkpoint,
                changes.changed(),
                changes.removed(),
                changes.accounts(),
                identity.settle(),
                topology.settle());
    }

    private Outcome apply(AccountChange change) {
        return switch (change) {
            case AccountChange.ChangeAccountSettings c -> {
                AccountState account = buckets.accounts().change(c.account());
                yield account.settings().merge(c.set(), c.removed())
                        ? new Outcome.Applied()
                        : new Outcome.Refused(Refusal.SETTINGS_TOO_LARGE);
            }
        };
    }

    private Outcome apply(IdentityChange change, JournalRecord record) {
        IdentityRefusal refusal = identity.apply(change, record);
        return refusal == null ? new Outcome.Applied() : new Outcome.IdentityRefused(refusal);
    }

    private Outcome apply(TopologyChange change, JournalRecord record) {
        TopologyRefusal refusal = topology.apply(change, record);
        return refusal == null ? new Outcome.Applied() : new Outcome.TopologyRefused(refusal);
    }

    private Outcome apply(BucketChange change, JournalRecord record) {
        return switch (change) {
            case BucketChange.CreateBucket create -> create(create, record);
            case BucketChange.DeleteBucket delete -> delete(delete, record);
            case BucketChange.SetVersioning set -> setVersioning(set);
            case BucketChange.ChangeBucketSettings settings -> changeSettings(settings);
            case BucketChange.CreateSnapshot create -> createSnapshot(create, record);
            case BucketChange.RemoveSnapshot remove -> outcome(snapshots.remove(remove));
        };
    }

    private Outcome createSnapshot(BucketChange.CreateSnapshot create, JournalRecord record) {
        return buckets.find(create.bucketId()) == null
                ? new Outcome.Refused(Refusal.NO_SUCH_BUCKET)
                : outcome(snapshots.create(create, record));
    }

    private static Outcome outcome(@Nullable Refusal refusal) {
        return refusal == null ? new Outcome.Applied() : new Outcome.Refused(refusal);
    }

    private Outcome create(BucketChange.CreateBucket create, JournalRecord record) {
        BucketState taken = buckets.named(create.name());
        if (taken != null) {
            return new Outcome.Refused(
                    taken.owner().equals(create.owner())
                            ? Refusal.BUCKET_OWNED_BY_CALLER
                            : Refusal.BUCKET_EXISTS);
        }
        if (!SettingsState.fits(create.settings())) {
            return new Outcome.Refused(Refusal.SETTINGS_TOO_LARGE);
        }
        buckets.create(create, record);
        return new Outcome.BucketCreated(record.position());
    }

    /**
     * Open uploads do not hold a bucket: nobody can see them, and they go when the window closes.
     */
    private Outcome delete(BucketChange.DeleteBucket delete, JournalRecord record) {
        BucketState bucket = buckets.find(delete.bucketId());
        if (bucket == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_BUCKET);
        }
        if (bucket.hasVersions()) {
            return new Outcome.Refused(Refusal.BUCKET_NOT_EMPTY);
        }
        if (snapshots.any(bucket.id())) {
            return new Outcome.Refused(Refusal.BUCKET_HAS_SNAPSHOTS);
        }
        buckets.remove(bucket, record);
        ended.endBucket(bucket.id(), record);
        return new Outcome.Applied();
    }

    private Outcome changeSettings(BucketChange.ChangeBucketSettings change) {
        BucketState bucket = buckets.change(change.bucketId());
        if (bucket == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_BUCKET);
        }
        return buckets.changeSettings(bucket, change.set(), change.removed())
                ? new Outcome.Applied()
                : new Outcome.Refused(Refusal.SETTINGS_TOO_LARGE);
    }

    private Outcome setVersioning(BucketChange.SetVersioning set) {
        BucketState bucket = buckets.change(set.bucketId());
        if (bucket == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_BUCKET);
        }
        boolean returns =
                set.versioning() == Versioning.OFF && bucket.versioning() != Versioning.OFF;
        if (returns) {
            return new Outcome.Refused(Refusal.INVALID_VERSIONING);
        }
        bucket.setVersioning(set.versioning());
        return new Outcome.Applied();
    }
}
