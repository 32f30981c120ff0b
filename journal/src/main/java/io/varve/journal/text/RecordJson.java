package io.varve.journal.text;

import io.varve.journal.record.AccountChange.ChangeAccountSettings;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.BucketChange.ChangeBucketSettings;
import io.varve.journal.record.BucketChange.CreateBucket;
import io.varve.journal.record.BucketChange.CreateSnapshot;
import io.varve.journal.record.BucketChange.DeleteBucket;
import io.varve.journal.record.BucketChange.RemoveSnapshot;
import io.varve.journal.record.BucketChange.SetVersioning;
import io.varve.journal.record.Change;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange.CopyObject;
import io.varve.journal.record.ObjectChange.DeleteObject;
import io.varve.journal.record.ObjectChange.EraseHistory;
import io.varve.journal.record.ObjectChange.ExpireObject;
import io.varve.journal.record.ObjectChange.PutObject;
import io.varve.journal.record.ObjectChange.RemoveVersion;
import io.varve.journal.record.ObjectChange.RestoreVersion;
import io.varve.journal.record.ObjectChange.SetAttributes;
import io.varve.journal.record.ObjectChange.TransitionVersion;
import io.varve.journal.record.ObjectChange.WithdrawObject;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.UploadChange.AbortUpload;
import io.varve.journal.record.UploadChange.CompleteUpload;
import io.varve.journal.record.UploadChange.PartRef;
import io.varve.journal.record.UploadChange.PutPart;
import io.varve.journal.record.UploadChange.StartUpload;
import io.varve.journal.record.WindowChange.CloseWindow;
import io.varve.journal.record.WindowChange.ConfirmDropped;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A record as one line of JSON, complete: nothing of the record is left out, but secrets. */
public final class RecordJson {
    private RecordJson() {}

    public static String of(JournalRecord record) {
        JsonLine json = new JsonLine().beginObject();
        json.field("position", record.position());
        json.field("partition", record.partition());
        json.field("time", RecordTime.of(record.timeMicros()));
        json.field("timeMicros", record.timeMicros());
        json.field("writerEpoch", record.writerEpoch());
        json.field("requestId", record.requestId().toString());
        json.field("principal", record.principal());
        json.field("type", record.change().getClass().getSimpleName());
        change(json, record.change());
        return json.endObject().toString();
    }

    private static void change(JsonLine json, Change change) {
        switch (change) {
            case CreateBucket c -> {
                json.field("name", c.name()).field("owner", c.owner());
                entries(json, "settings", c.settings());
            }
            case DeleteBucket c -> json.field("bucketId", c.bucketId());
            case SetVersioning c ->
                    json.field("bucketId", c.bucketId()).field("versioning", c.versioning().name());
            case CreateSnapshot c -> json.field("bucketId", c.bucketId()).field("name", c.name());
            case RemoveSnapshot c -> json.field("bucketId", c.bucketId()).field("name", c.name());
            case ChangeBucketSettings c -> {
                json.field("bucketId", c.bucketId());
                settings(json, c.set(), c.removed());
            }
            case ChangeAccountSettings c -> {
                json.field("account", c.account());
                settings(json, c.set(), c.removed());
            }
            case PutObject c -> putObject(json, c);
            case CopyObject c -> copyObject(json, c);
            case DeleteObject c -> deleteObject(json, c);
            case SetAttributes c -> setAttributes(json, c);
            case ExpireObject c -> {
                key(json, c.bucketId(), c.key());
                json.field("position", c.position())
                        .field("throughSeconds", c.throughSeconds())
                        .field("keep", c.keep());
            }
            case RemoveVersion c -> {
                key(json, c.bucketId(), c.key());
                json.field("position", c.position());
            }
            case RestoreVersion c -> {
                key(json, c.bucketId(), c.key());
                json.field("position", c.position());
            }
            case TransitionVersion c -> {
                key(json, c.bucketId(), c.key());
                json.field("position", c.position());
                manifest(json, c.manifest());
                json.field("storageClass", c.storageClass());
            }
            case EraseHistory c -> key(json, c.bucketId(), c.key());
            case WithdrawObject c -> key(json, c.bucketId(), c.key());
            case StartUpload c -> startUpload(json, c);
            case PutPart c -> putPart(json, c);
            case CompleteUpload c -> completeUpload(json, c);
            case AbortUpload c -> upload(json, c.bucketId(), c.key(), c.uploadId());
            case CloseWindow c ->
                    json.field("before", RecordTime.of(c.beforeMicros()))
                            .field("beforeMicros", c.beforeMicros())
                            .field("limit", c.limit());
            case ConfirmDropped c -> json.field("throughPosition", c.throughPosition());
            case IdentityChange c -> IdentityFields.of(c).forEach(json::field);
            case TopologyChange c -> TopologyFields.of(c).forEach(json::field);
        }
    }

    private static void putObject(JsonLine json, PutObject change) {
        key(json, change.bucketId(), change.key());
        json.field("etag", change.etag());
        manifest(json, change.manifest());
        attributes(json, change.attributes());
        checksums(json, change.checksums());
        condition(json, change.condition());
    }

    private static void copyObject(JsonLine json, CopyObject change) {
        key(json, change.bucketId(), change.key());
        json.name("source").beginObject();
        key(json, change.source().bucketId(), change.source().key());
        json.field("position", change.source().position()).endObject();
        if (change.attributes() != null) {
            attributes(json, change.attributes());
        }
        condition(json, change.condition());
    }

    private static void deleteObject(JsonLine json, DeleteObject change) {
        key(json, change.bucketId(), change.key());
        if (change.version() != null) {
            json.field("version", change.version().position());
        }
        condition(json, change.condition());
    }

    private static void setAttributes(JsonLine json, SetAttributes change) {
        key(json, change.bucketId(), change.key());
        json.field("position", change.position()).field("revision", change.revision());
        attributes(json, change.attributes());
        json.field("touch", change.touch());
    }

    private static void startUpload(JsonLine json, StartUpload change) {
        key(json, change.bucketId(), change.key());
        attributes(json, change.attributes());
        if (change.algorithm() != null) {
            json.field("algorithm", change.algorithm().name());
        }
        if (change.checksumType() != null) {
            json.field("checksumType", change.checksumType().name());
        }
    }

    private static void putPart(JsonLine json, PutPart change) {
        upload(json, change.bucketId(), change.key(), change.uploadId());
        json.field("partNumber", change.partNumber());
        json.field("etag", change.etag());
        manifest(json, change.manifest());
        checksums(json, change.checksums());
    }

    private static void completeUpload(JsonLine json, CompleteUpload change) {
        upload(json, change.bucketId(), change.key(), change.uploadId());
        json.name("parts").beginArray();
        for (PartRef part : change.parts()) {
            json.beginObject()
                    .field("partNumber", part.partNumber())
                    .field("etag", part.etag())
                    .endObject();
        }
        json.endArray();
        json.field("etag", change.etag());
        checksums(json, change.checksums());
        json.field("minPartSizeBytes", change.minPartSizeBytes());
        condition(json, change.condition());
    }

    private static void key(JsonLine json, long bucketId, String key) {
        json.field("bucketId", bucketId).field("key", key);
    }

    private static void upload(JsonLine json, long bucketId, String key, long uploadId) {
        key(json, bucketId, key);
        json.field("uploadId", uploadId);
    }

    private static void manifest(JsonLine json, Manifest manifest) {
        json.name("manifest").beginObject();
        json.field("pool", manifest.pool()).field("sizeBytes", manifest.sizeBytes());
        json.name("blobs").beginArray();
        for (BlobRef blob : manifest.blobs()) {
            json.beginObject()
                    .field("id", "%016x%016x".formatted(blob.idHigh(), blob.idLow()))
                    .field("lengthBytes", blob.lengthBytes())
                    .field("crc32c", "%08x".formatted(blob.crc32c()))
                    .endObject();
        }
        json.endArray().endObject();
    }

    private static void attributes(JsonLine json, Attributes attributes) {
        entries(json, "headers", attributes.headers());
        entries(json, "metadata", attributes.metadata());
        entries(json, "settings", attributes.settings());
    }

    private static void settings(
            JsonLine json, Map<String, String> set, Collection<String> removed) {
        entries(json, "set", set);
        json.name("removed").beginArray();
        removed.forEach(json::value);
        json.endArray();
    }

    private static void entries(JsonLine json, String name, Map<String, String> entries) {
        json.name(name).beginObject();
        entries.forEach(json::field);
        json.endObject();
    }

    private static void checksums(JsonLine json, List<Checksum> checksums) {
        json.name("checksums").beginArray();
        for (Checksum checksum : checksums) {
            json.beginObject()
                    .field("algorithm", checksum.algorithm().name())
                    .field("type", checksum.type().name())
                    .field("value", checksum.value())
                    .endObject();
        }
        json.endArray();
    }

    private static void condition(JsonLine json, Precondition condition) {
        switch (condition) {
            case Precondition.None() -> {}
            case Precondition.IfAbsent() -> json.field("ifAbsent", true);
            case Precondition.IfMatch(String etag) -> json.field("ifMatch", etag);
            case Precondition.IfOlder(long micros) -> json.field("ifOlderMicros", micros);
        }
    }
}
