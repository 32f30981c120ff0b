package io.varve.projections.namespace;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange.TransitionVersion;
import io.varve.projections.namespace.NamespaceModel.Bytes;
import io.varve.projections.namespace.NamespaceModel.Ended;
import io.varve.projections.namespace.NamespaceModel.ModelVersion;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Versions whose bytes go elsewhere, as the model has it. */
final class ModelTransition {
    private ModelTransition() {}

    static Outcome apply(NamespaceModel model, TransitionVersion change, JournalRecord record) {
        ModelBucket bucket = model.buckets.get(change.bucketId());
        if (bucket == null) {
            return model.refusedBytes(Refusal.NO_SUCH_BUCKET, change.manifest(), record);
        }
        ModelVersion version = NamespaceModel.at(bucket, change.key(), change.position());
        if (version == null) {
            return model.refusedBytes(Refusal.NO_SUCH_VERSION, change.manifest(), record);
        }
        List<Bytes> bytes = cut(version, change.manifest());
        if (bytes == null) {
            return model.refusedBytes(Refusal.INVALID_PART, change.manifest(), record);
        }
        ObjectVersion old = version.shown;
        var past = new ModelVersion(old, version.bytes, version.parts);
        model.history.add(new Ended(record.timeMicros(), old.revision(), past, null));
        version.bytes.forEach(before -> before.holders.remove(version));
        bytes.forEach(after -> after.holders.add(version));
        version.bytes = bytes;
        TreeMap<String, String> settings = new TreeMap<>(old.attributes().settings());
        settings.remove(Attributes.STORAGE_CLASS);
        if (!change.storageClass().isEmpty()) {
            settings.put(Attributes.STORAGE_CLASS, change.storageClass());
        }
        version.shown =
                new ObjectVersion(
                        old.bucketId(),
                        old.key(),
                        old.position(),
                        old.nullVersion(),
                        false,
                        old.createdMicros(),
                        old.sizeBytes(),
                        old.etag(),
                        old.partCount(),
                        old.attributes().withSettings(settings),
                        old.checksums(),
                        record.position());
        return new Outcome.AttributesSet(version.shown);
    }

    /** Null when they are not cut as the version is. */
    private static @Nullable List<Bytes> cut(ModelVersion version, Manifest manifest) {
        List<Long> sizes = new ArrayList<>();
        version.parts.forEach(part -> sizes.add(part.sizeBytes()));
        if (sizes.isEmpty()) {
            sizes.add(version.shown.sizeBytes());
        }
        List<Bytes> bytes = new ArrayList<>();
        int next = 0;
        for (long size : sizes) {
            List<BlobRef> own = new ArrayList<>();
            for (long left = size; left > 0; left -= own.getLast().lengthBytes()) {
                if (next == manifest.blobs().size()) {
                    return null;
                }
                BlobRef blob = manifest.blobs().get(next++);
                if (blob.lengthBytes() > left) {
                    return null;
                }
                own.add(blob);
            }
            bytes.add(new Bytes(new Manifest(own.isEmpty() ? 0 : manifest.pool(), own)));
        }
        return next == manifest.blobs().size() ? bytes : null;
    }
}
