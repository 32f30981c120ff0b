package io.varve.projections.namespace;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Applies changes to objects. Single-threaded: owned by the fold. */
final class ObjectFold {
    private final BucketTable buckets;
    private final VersionTable versions;
    private final ContentTable contents;
    private final Archive archive;
    private final TransitionFold transitions;
    private final ErasureFold erasure;

    ObjectFold(
            BucketTable buckets,
            VersionTable versions,
            ContentTable contents,
            Archive archive,
            ErasureFold erasure) {
        this.erasure = erasure;
        this.archive = archive;
        this.buckets = buckets;
        this.versions = versions;
        this.contents = contents;
        transitions = new TransitionFold(buckets, versions, contents);
    }

    Outcome apply(ObjectChange change, JournalRecord record) {
        return switch (change) {
            case ObjectChange.PutObject put -> put(put, record);
            case ObjectChange.CopyObject copy -> copy(copy, record);
            case ObjectChange.DeleteObject delete -> delete(delete, record);
            case ObjectChange.SetAttributes set -> setAttributes(set, record);
            case ObjectChange.ExpireObject expire -> expire(expire, record);
            case ObjectChange.RemoveVersion remove -> remove(remove, record);
            case ObjectChange.RestoreVersion restore -> restore(restore, record);
            case ObjectChange.WithdrawObject withdraw -> withdraw(withdraw, record);
            case ObjectChange.EraseHistory erase -> erasure.apply(erase, record);
            case ObjectChange.TransitionVersion transition -> transitions.apply(transition, record);
        };
    }

    private Outcome put(ObjectChange.PutObject put, JournalRecord record) {
        BucketState bucket = buckets.change(put.bucketId());
        if (bucket == null) {
            return refusePut(Refusal.NO_SUCH_BUCKET, put.manifest(), record);
        }
        byte[] key = NamespaceKeys.utf8(put.key());
        VersionRow current = versions.reader().current(bucket.id(), key);
        Refusal refusal = violated(put.condition(), current, record);
        if (refusal == null && !bucket.allows(current, put.manifest().sizeBytes())) {
            refusal = Refusal.QUOTA_EXCEEDED;
        }
        if (refusal == null) {
            refusal = archive.problem(bucket, key, current, record);
        }
        if (refusal != null) {
            return refusePut(refusal, put.manifest(), record);
        }
        ObjectVersion version =
                new ObjectVersion(
                        bucket.id(),
                        put.key(),
                        record.position(),
                        bucket.versioning() != Versioning.ENABLED,
                        false,
                        record.timeMicros(),
                        put.manifest().sizeBytes(),
                        put.etag(),
                        0,
                        put.attributes(),
                        put.checksums());
        Content content = contents.introduce(put.manifest(), record.position());
        archive.keep(bucket, key, current, record);
        versions.place(bucket, key, current, VersionRow.of(version, content), record);
        return new Outcome.ObjectPut(version, version.versionId());
    }

    private Outcome refusePut(Refusal reason, Manifest manifest, JournalRecord record) {
        contents.releaseRefused(manifest, record.position());
        return new Outcome.Refused(reason);
    }

    /**
     * What has expired by the record's time is as good as gone.
     *
     * @return null when it holds
     */
    static @Nullable Refusal violated(
            Precondition condition, @Nullable VersionRow newest, JournalRecord record) {
        VersionRow current = Expiry.isLive(newest, record.timeMicros()) ? newest : null;
        return switch (condition) {
            case Precondition.None none -> null;
            case Precondition.IfAbsent absent ->
                    current == null ? null : Refusal.PRECONDITION_FAILED;
            case Precondition.IfMatch match -> {
                if (current == null) {
                    yield Refusal.NO_SUCH_KEY;
                }
                boolean matches = match.etag().equals("*") || match.etag().equals(current.etag());
                yield matches ? null : Refusal.PRECONDITION_FAILED;
            }
            case Precondition.IfOlder older -> {
                boolean newer = current != null && Origin.micros(current) >= older.originMicros();
                yield newer ? Refusal.PRECONDITION_FAILED : null;
            }
        };
    }

    /** A source in history is as good as one S3 still shows: its blobs are there. */
    private Outcome copy(ObjectChange.CopyObject copy, JournalRecord record) {
        BucketState bucket = buckets.change(copy.bucketId());
        if (bucket == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_BUCKET);
        }
        byte[] key = NamespaceKeys.utf8(copy.key());
        VersionRow current = versions.reader().current(bucket.id(), key);
        Refusal refusal = violated(copy.condition(), current, record);
        if (refusal != null) {
            return new Outcome.Refused(refusal);
        }
        var ref = copy.source();
        VersionRow source =
                versions.reader()
                        .madeAt(ref.bucketId(), NamespaceKeys.utf8(ref.key()), ref.position());
        if (source == null || source.deleteMarker()) {
            return new Outcome.Refused(Refusal.SOURCE_GONE);
        }
        if (!bucket.allows(current, source.sizeBytes())) {
            return new Outcome.Refused(Refusal.QUOTA_EXCEEDED);
        }
        Refusal problem = archive.problem(bucket, key, current, record);
        if (problem != null) {
            return new Outcome.Refused(problem);
        }
        ObjectVersion version = copied(copy, source, bucket, record);
        contents.share(source.content());
        archive.keep(bucket, key, current, record);
        versions.place(bucket, key, current, VersionRow.of(version, source.content()), record);
        return new Outcome.ObjectPut(version, version.versionId());
    }

    private static ObjectVersion copied(
            ObjectChange.CopyObject copy,
            VersionRow source,
            BucketState bucket,
            JournalRecord record) {
        ObjectVersion from = source.toVersion(bucket.id(), copy.key());
        Attributes attributes = copy.attributes();
        return new ObjectVersion(
                bucket.id(),
                copy.key(),
                record.position(),
                bucket.versioning() != Versioning.ENABLED,
                false,
                record.timeMicros(),
                from.sizeBytes(),
                from.etag(),
                from.partCount(),
                attributes == null ? from.attributes() : attributes,
                from.checksums());
    }

    private Outcome delete(ObjectChange.DeleteObject delete, JournalRecord record) {
        BucketState bucket = buckets.change(delete.bucketId());
        if (bucket == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_BUCKET);
        }
        byte[] key = NamespaceKeys.utf8(delete.key());
        VersionRow current = versions.reader().current(bucket.id(), key);
        Refusal refusal = violated(delete.condition(), current, record);
        VersionId version = delete.version();
        if (version == null && Archive.serves(bucket)) {
            Archive.ObjectKey named = new Archive.ObjectKey(delete.key(), key);
            return archive.delete(bucket, named, current, refusal, record);
        }
        if (refusal != null) {
            return new Outcome.Refused(refusal);
        }
        if (version != null) {
            VersionRow row = versions.remove(bucket, key, current, version, record);
            return new Outcome.ObjectDeleted(version, row != null && row.deleteMarker());
        }
        if (bucket.versioning() == Versioning.OFF) {
            versions.removeCurrent(bucket, key, current, record);
            return new Outcome.ObjectDeleted(null, false);
        }
        ObjectVersion marker = marker(delete.key(), bucket, record);
        versions.hide(bucket, key, current, VersionRow.of(marker, Content.NONE), record);
        return new Outcome.ObjectDeleted(marker.versionId(), true);
    }

    /** The version stays where it is; what it said before goes to history, with its blobs. */
    private Outcome setAttributes(ObjectChange.SetAttributes set, JournalRecord record) {
        BucketState bucket = buckets.change(set.bucketId());
        if (bucket == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_BUCKET);
        }
        byte[] key = NamespaceKeys.utf8(set.key());
        VersionRow current = versions.reader().current(bucket.id(), key);
        boolean isCurrent = current != null && current.position() == set.position();
        VersionRow before =
                isCurrent
                        ? current
                        : versions.reader().noncurrent(bucket.id(), key, set.position());
        if (before == null || before.deleteMarker()) {
            return new Outcome.Refused(Refusal.NO_SUCH_VERSION);
        }
        if (set.revision() != 0 && set.revision() != before.revision()) {
            return new Outcome.Refused(Refusal.REVISED);
        }
        ObjectVersion version = revised(set, before, record);
        contents.share(before.content());
        VersionRow after =
                VersionRow.of(
                        version, before.content(), record.timeMicros(), before.arrivedPosition());
        versions.revise(bucket, key, before, after, isCurrent, record);
        return new Outcome.AttributesSet(version);
    }

    private static ObjectVersion revised(
            ObjectChange.SetAttributes set, VersionRow before, JournalRecord record) {
        ObjectVersion from = before.toVersion(set.bucketId(), set.key());
        return new ObjectVersion(
                set.bucketId(),
                set.key(),
                from.position(),
                from.nullVersion(),
                false,
                set.touch() ? record.timeMicros() : from.createdMicros(),
                from.sizeBytes(),
                from.etag(),
                from.partCount(),
                set.attributes(),
                from.checksums(),
                record.position());
    }

    private Outcome expire(ObjectChange.ExpireObject expire, JournalRecord record) {
        BucketState bucket = buckets.change(expire.bucketId());
        if (bucket == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_BUCKET);
        }
        byte[] key = NamespaceKeys.utf8(expire.key());
        VersionRow row = versions.reader().shownAt(bucket.id(), key, expire.position());
        if (row == null || row.deleteMarker()) {
            return new Outcome.Refused(Refusal.NO_SUCH_VERSION);
        }
        if (row.expiresSeconds() > expire.throughSeconds()) {
            return new Outcome.Refused(Refusal.REVISED);
        }
        if (expire.keep()) {
            return expireCurrent(bucket, key, row, record);
        }
        VersionRow marker =
                bucket.versioning() == Versioning.OFF
                        ? null
                        : VersionRow.of(marker(expire.key(), bucket, record), Content.NONE);
        versions.expire(bucket, key, row, marker, record);
        VersionId gone = row.nullVersion() ? VersionId.NULL : new VersionId(row.position());
        return new Outcome.ObjectDeleted(gone, false);
    }

    /** What is not current any more has no expiry. */
    private Outcome expireCurrent(
            BucketState bucket, byte[] key, VersionRow row, JournalRecord record) {
        VersionRow current = versions.reader().current(bucket.id(), key);
        boolean isCurrent = current != null && current.position() == row.position();
        if (!isCurrent && !row.nullVersion()) {
            return new Outcome.Refused(Refusal.REVISED);
        }
        if (isCurrent) {
            versions.withdraw(bucket, key, row, record);
        } else {
            versions.removeAlone(bucket, key, row, record);
        }
        VersionId gone = row.nullVersion() ? VersionId.NULL : new VersionId(row.position());
        return new Outcome.ObjectDeleted(gone, false);
    }

    private Outcome remove(ObjectChange.RemoveVersion remove, JournalRecord record) {
        BucketState bucket = buckets.change(remove.bucketId());
        if (bucket == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_BUCKET);
        }
        byte[] key = NamespaceKeys.utf8(remove.key());
        VersionRow row = versions.reader().shownAt(bucket.id(), key, remove.position());
        if (row == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_VERSION);
        }
        versions.removeAlone(bucket, key, row, record);
        VersionId gone = row.nullVersion() ? VersionId.NULL : new VersionId(row.position());
        return new Outcome.ObjectDeleted(gone, row.deleteMarker());
    }

    /** It adds no byte, so only the number of objects is asked for. */
    private Outcome restore(ObjectChange.RestoreVersion restore, JournalRecord record) {
        BucketState bucket = buckets.change(restore.bucketId());
        if (bucket == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_BUCKET);
        }
        byte[] key = NamespaceKeys.utf8(restore.key());
        VersionRow row = versions.reader().shownAt(bucket.id(), key, restore.position());
        if (row == null || row.deleteMarker()) {
            return new Outcome.Refused(Refusal.NO_SUCH_VERSION);
        }
        VersionRow current = versions.reader().current(bucket.id(), key);
        if (current == null && !bucket.allowsOneMore()) {
            return new Outcome.Refused(Refusal.QUOTA_EXCEEDED);
        }
        versions.restore(bucket, key, current, row, record);
        ObjectVersion version = row.toVersion(bucket.id(), restore.key());
        return new Outcome.ObjectPut(version, version.versionId());
    }

    private Outcome withdraw(ObjectChange.WithdrawObject withdraw, JournalRecord record) {
        BucketState bucket = buckets.change(withdraw.bucketId());
        if (bucket == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_BUCKET);
        }
        byte[] key = NamespaceKeys.utf8(withdraw.key());
        VersionRow current = versions.reader().current(bucket.id(), key);
        if (current == null || !Expiry.isLive(current, record.timeMicros())) {
            return new Outcome.Refused(Refusal.NO_SUCH_KEY);
        }
        versions.withdraw(bucket, key, current, record);
        VersionId id = current.nullVersion() ? VersionId.NULL : new VersionId(current.position());
        return new Outcome.ObjectDeleted(id, false);
    }

    private static ObjectVersion marker(String key, BucketState bucket, JournalRecord record) {
        return new ObjectVersion(
                bucket.id(),
                key,
                record.position(),
                bucket.versioning() != Versioning.ENABLED,
                true,
                record.timeMicros(),
                0,
                "",
                0,
                Attributes.NONE,
                List.of());
    }
}
