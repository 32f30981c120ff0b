package io.varve.projections.namespace;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange.TransitionVersion;

import java.util.List;
import java.util.TreeMap;

/**
 * Has the bytes of versions be elsewhere. What was before goes to history with the blobs of before,
 * so these are released when the window closes over it, unless a copy shares them. Single-threaded:
 * owned by the fold.
 */
final class TransitionFold {
    /** The row of a part holds its manifest: so it stays below some 64 KiB. */
    private static final int PART_BLOB_COUNT_MAX = ContentTable.CHUNK_BLOB_COUNT_MAX;

    private final BucketTable buckets;
    private final VersionTable versions;
    private final ContentTable contents;

    TransitionFold(BucketTable buckets, VersionTable versions, ContentTable contents) {
        this.buckets = buckets;
        this.versions = versions;
        this.contents = contents;
    }

    Outcome apply(TransitionVersion change, JournalRecord record) {
        BucketState bucket = buckets.change(change.bucketId());
        if (bucket == null) {
            return refuse(Refusal.NO_SUCH_BUCKET, change, record);
        }
        byte[] key = NamespaceKeys.utf8(change.key());
        VersionRow current = versions.reader().current(bucket.id(), key);
        boolean isCurrent = current != null && current.position() == change.position();
        VersionRow before =
                isCurrent
                        ? current
                        : versions.reader().noncurrent(bucket.id(), key, change.position());
        if (before == null || before.deleteMarker()) {
            return refuse(Refusal.NO_SUCH_VERSION, change, record);
        }
        Content content;
        switch (before.content()) {
            case Content.Parts parts -> {
                List<PartRow> rows = contents.parts(parts);
                if (!fits(rows, change.manifest())) {
                    return refuse(Refusal.INVALID_PART, change, record);
                }
                content = contents.introduceParts(rows, change.manifest(), record.position());
            }
            case Content.None _, Content.Inline _, Content.Chunked _ -> {
                if (change.manifest().sizeBytes() != before.sizeBytes()) {
                    return refuse(Refusal.INVALID_PART, change, record);
                }
                content = contents.introduce(change.manifest(), record.position());
            }
        }
        ObjectVersion version = moved(change, before, record);
        VersionRow after =
                VersionRow.of(version, content, record.timeMicros(), before.arrivedPosition());
        versions.revise(bucket, key, before, after, isCurrent, record);
        return new Outcome.AttributesSet(version);
    }

    private Outcome refuse(Refusal reason, TransitionVersion change, JournalRecord record) {
        contents.releaseRefused(change.manifest(), record.position());
        return new Outcome.Refused(reason);
    }

    /** Whether the blobs are cut where the parts end. */
    private static boolean fits(List<PartRow> parts, Manifest manifest) {
        List<BlobRef> blobs = manifest.blobs();
        int next = 0;
        for (PartRow part : parts) {
            int from = next;
            long left = part.sizeBytes();
            while (left > 0 && next < blobs.size()) {
                left -= blobs.get(next++).lengthBytes();
            }
            if (left != 0 || next - from > PART_BLOB_COUNT_MAX) {
                return false;
            }
        }
        return next == blobs.size();
    }

    private static ObjectVersion moved(
            TransitionVersion change, VersionRow before, JournalRecord record) {
        ObjectVersion from = before.toVersion(change.bucketId(), change.key());
        TreeMap<String, String> settings = new TreeMap<>(from.attributes().settings());
        if (change.storageClass().isEmpty()) {
            settings.remove(Attributes.STORAGE_CLASS);
        } else {
            settings.put(Attributes.STORAGE_CLASS, change.storageClass());
        }
        return new ObjectVersion(
                change.bucketId(),
                change.key(),
                from.position(),
                from.nullVersion(),
                false,
                from.createdMicros(),
                from.sizeBytes(),
                from.etag(),
                from.partCount(),
                from.attributes().withSettings(settings),
                from.checksums(),
                record.position());
    }
}
