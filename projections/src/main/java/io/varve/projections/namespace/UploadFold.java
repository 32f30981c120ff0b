package io.varve.projections.namespace;

import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.Versioning;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Applies changes to multipart uploads. Single-threaded: owned by the fold. */
final class UploadFold {
    private final BucketTable buckets;
    private final VersionTable versions;
    private final ContentTable contents;
    private final UploadTable uploads;
    private final EndedTable ended;
    private final Archive archive;

    UploadFold(
            BucketTable buckets,
            VersionTable versions,
            ContentTable contents,
            UploadTable uploads,
            EndedTable ended,
            Archive archive) {
        this.buckets = buckets;
        this.versions = versions;
        this.contents = contents;
        this.uploads = uploads;
        this.ended = ended;
        this.archive = archive;
    }

    Outcome apply(UploadChange change, JournalRecord record) {
        return switch (change) {
            case UploadChange.StartUpload start -> start(start, record);
            case UploadChange.PutPart put -> putPart(put, record);
            case UploadChange.CompleteUpload complete -> complete(complete, record);
            case UploadChange.AbortUpload abort -> abort(abort, record);
        };
    }

    private Outcome start(UploadChange.StartUpload start, JournalRecord record) {
        BucketState bucket = buckets.change(start.bucketId());
        if (bucket == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_BUCKET);
        }
        uploads.open(
                new Upload(
                        record.position(),
                        bucket.id(),
                        start.key(),
                        record.principal(),
                        record.timeMicros(),
                        start.attributes(),
                        start.algorithm(),
                        start.checksumType()));
        bucket.addUpload();
        return new Outcome.UploadStarted(record.position());
    }

    private Outcome putPart(UploadChange.PutPart put, JournalRecord record) {
        Refusal refusal = notOpen(put, put.uploadId());
        if (refusal != null) {
            contents.releaseRefused(put.manifest(), record.position());
            return new Outcome.Refused(refusal);
        }
        PartRow part =
                new PartRow(
                        put.partNumber(),
                        record.position(),
                        record.timeMicros(),
                        put.manifest().sizeBytes(),
                        put.etag(),
                        contents.introduce(put.manifest(), record.position()),
                        put.checksums());
        uploads.putPart(put.uploadId(), part);
        return new Outcome.PartPut(part.toPart());
    }

    private @Nullable Refusal notOpen(UploadChange change, long uploadId) {
        if (buckets.find(change.bucketId()) == null) {
            return Refusal.NO_SUCH_BUCKET;
        }
        boolean open = uploads.isOpen(change.bucketId(), change.key(), uploadId);
        return open ? null : Refusal.NO_SUCH_UPLOAD;
    }

    private Outcome abort(UploadChange.AbortUpload abort, JournalRecord record) {
        Refusal refusal = notOpen(abort, abort.uploadId());
        BucketState bucket = buckets.change(abort.bucketId());
        if (refusal != null || bucket == null) {
            return new Outcome.Refused(refusal == null ? Refusal.NO_SUCH_BUCKET : refusal);
        }
        uploads.close(bucket.id(), abort.key(), abort.uploadId());
        contents.releaseParts(abort.uploadId(), record.position());
        bucket.removeUpload();
        return new Outcome.Applied();
    }

    private Outcome complete(UploadChange.CompleteUpload complete, JournalRecord record) {
        BucketState bucket = buckets.change(complete.bucketId());
        if (bucket == null) {
            return new Outcome.Refused(Refusal.NO_SUCH_BUCKET);
        }
        Upload upload = uploads.find(bucket.id(), complete.key(), complete.uploadId());
        if (upload == null) {
            return repeated(complete);
        }
        List<PartRow> there = uploads.parts(upload.id());
        List<PartRow> chosen = new ArrayList<>();
        Refusal refusal = choose(complete, there, chosen);
        byte[] key = NamespaceKeys.utf8(complete.key());
        VersionRow current = versions.reader().current(bucket.id(), key);
        if (refusal == null) {
            refusal = ObjectFold.violated(complete.condition(), current, record);
        }
        if (refusal == null && !bucket.allows(current, sizeBytes(chosen))) {
            refusal = Refusal.QUOTA_EXCEEDED;
        }
        if (refusal == null) {
            refusal = archive.problem(bucket, key, current, record);
        }
        if (refusal != null) {
            return new Outcome.Refused(refusal);
        }
        archive.keep(bucket, key, current, record);
        dropUnused(upload.id(), there, chosen, record);
        ObjectVersion version = whole(complete, upload, chosen, bucket, record);
        VersionRow row = VersionRow.of(version, new Content.Parts(upload.id()));
        versions.place(bucket, key, current, row, record);
        end(bucket, upload, record);
        return new Outcome.ObjectPut(version, version.versionId());
    }

    private void end(BucketState bucket, Upload upload, JournalRecord record) {
        uploads.close(bucket.id(), upload.key(), upload.id());
        bucket.removeUpload();
        uploads.complete(
                upload.id(), new UploadRow.Completed(bucket.id(), upload.key(), record.position()));
        ended.endUpload(upload.id(), record);
    }

    /**
     * A completion that is repeated, because its answer got lost, has the outcome it had before.
     */
    private Outcome repeated(UploadChange.CompleteUpload complete) {
        VersionRow row = completed(complete.bucketId(), complete.key(), complete.uploadId());
        if (row == null || !row.etag().equals(complete.etag())) {
            return new Outcome.Refused(Refusal.NO_SUCH_UPLOAD);
        }
        ObjectVersion version = row.toVersion(complete.bucketId(), complete.key());
        return new Outcome.ObjectPut(version, version.versionId());
    }

    private @Nullable VersionRow completed(long bucketId, String key, long uploadId) {
        UploadRow.Completed completed = uploads.completed(uploadId);
        if (completed == null || completed.bucketId() != bucketId || !completed.key().equals(key)) {
            return null;
        }
        return versions.reader()
                .madeAt(bucketId, NamespaceKeys.utf8(key), completed.versionPosition());
    }

    private static @Nullable Refusal choose(
            UploadChange.CompleteUpload complete, List<PartRow> there, List<PartRow> chosen) {
        if (complete.parts().isEmpty()) {
            return Refusal.INVALID_PART;
        }
        int last = 0;
        for (UploadChange.PartRef named : complete.parts()) {
            if (named.partNumber() <= last) {
                return Refusal.INVALID_PART_ORDER;
            }
            last = named.partNumber();
        }
        Map<Integer, PartRow> byNumber = HashMap.newHashMap(there.size());
        there.forEach(part -> byNumber.put(part.partNumber(), part));
        for (UploadChange.PartRef named : complete.parts()) {
            PartRow part = byNumber.get(named.partNumber());
            if (part == null || !part.etag().equals(named.etag())) {
                return Refusal.INVALID_PART;
            }
            chosen.add(part);
        }
        for (PartRow part : chosen.subList(0, chosen.size() - 1)) {
            if (part.sizeBytes() < complete.minPartSizeBytes()) {
                return Refusal.PART_TOO_SMALL;
            }
        }
        return null;
    }

    /** Both lists are in order of part numbers. */
    private void dropUnused(
            long uploadId, List<PartRow> there, List<PartRow> chosen, JournalRecord record) {
        int next = 0;
        for (PartRow part : there) {
            boolean used =
                    next < chosen.size() && chosen.get(next).partNumber() == part.partNumber();
            if (used) {
                next++;
            } else {
                uploads.dropPart(uploadId, part, record);
            }
        }
    }

    private static long sizeBytes(List<PartRow> parts) {
        return parts.stream().mapToLong(PartRow::sizeBytes).sum();
    }

    private static ObjectVersion whole(
            UploadChange.CompleteUpload complete,
            Upload upload,
            List<PartRow> parts,
            BucketState bucket,
            JournalRecord record) {
        return new ObjectVersion(
                bucket.id(),
                complete.key(),
                record.position(),
                bucket.versioning() != Versioning.ENABLED,
                false,
                record.timeMicros(),
                sizeBytes(parts),
                complete.etag(),
                parts.size(),
                upload.attributes(),
                complete.checksums());
    }
}
