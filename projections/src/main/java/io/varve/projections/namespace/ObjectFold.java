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

    ObjectFold(BucketTable buckets, VersionTable versions, ContentTable contents) {
        this.buckets = buckets;
        this.versions = versions;
        this.contents = contents;
    }

    Outcome apply(ObjectChange change, JournalRecord record) {
        return switch (change) {
            case ObjectChange.PutObject put -> put(put, record);
            case ObjectChange.CopyObject copy -> copy(copy, record);
            case ObjectChange.DeleteObject delete -> delete(delete, record);
        };
    }

    private Outcome put(ObjectChange.PutObject put, JournalRecord record) {
        BucketState bucket = buckets.change(put.bucketId());
        if (bucket == null) {
            return refusePut(Refusal.NO_SUCH_BUCKET, put.manifest(), record);
        }
        byte[] key = NamespaceKeys.utf8(put.key());
        VersionRow current = versions.reader().current(bucket.id(), key);
        Refusal refusal = violated(put.condition(), current);
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
        versions.place(bucket, key, current, VersionRow.of(version, content), record);
        return new Outcome.ObjectPut(version, version.versionId());
    }

    private Outcome refusePut(Refusal reason, Manifest manifest, JournalRecord record) {
        contents.releaseRefused(manifest, record.position());
        return new Outcome.Refused(reason);
    }

    /**
     * @return null when it holds
     */
    static @Nullable Refusal violated(Precondition condition, @Nullable VersionRow current) {
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
        Refusal refusal = violated(copy.condition(), current);
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
        ObjectVersion version = copied(copy, source, bucket, record);
        contents.share(source.content());
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
        Refusal refusal = violated(delete.condition(), current);
        if (refusal != null) {
            return new Outcome.Refused(refusal);
        }
        VersionId version = delete.version();
        if (version != null) {
            VersionRow row = versions.remove(bucket, key, current, version, record);
            return new Outcome.ObjectDeleted(version, row != null && row.deleteMarker());
        }
        if (bucket.versioning() == Versioning.OFF) {
            versions.removeCurrent(bucket, key, current, record);
            return new Outcome.ObjectDeleted(null, false);
        }
        ObjectVersion marker = marker(delete, bucket, record);
        versions.hide(bucket, key, current, VersionRow.of(marker, Content.NONE), record);
        return new Outcome.ObjectDeleted(marker.versionId(), true);
    }

    private static ObjectVersion marker(
            ObjectChange.DeleteObject delete, BucketState bucket, JournalRecord record) {
        return new ObjectVersion(
                bucket.id(),
                delete.key(),
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
