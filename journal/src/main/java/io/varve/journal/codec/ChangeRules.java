package io.varve.journal.codec;

import io.varve.journal.record.AccountChange.ChangeAccountSettings;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange.ChangeBucketSettings;
import io.varve.journal.record.BucketChange.CreateBucket;
import io.varve.journal.record.BucketChange.CreateSnapshot;
import io.varve.journal.record.BucketChange.DeleteBucket;
import io.varve.journal.record.BucketChange.RemoveSnapshot;
import io.varve.journal.record.BucketChange.SetVersioning;
import io.varve.journal.record.Change;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.IdentityChange;
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
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.UploadChange.AbortUpload;
import io.varve.journal.record.UploadChange.CompleteUpload;
import io.varve.journal.record.UploadChange.PartRef;
import io.varve.journal.record.UploadChange.PutPart;
import io.varve.journal.record.UploadChange.StartUpload;
import io.varve.journal.record.WindowChange;
import io.varve.journal.record.WindowChange.CloseWindow;
import io.varve.journal.record.WindowChange.ConfirmDropped;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a change must have to be written at all, checked right before it is encoded and right after
 * it is decoded. Not the rules of the namespace: those decide the outcome, later.
 */
final class ChangeRules {
    private ChangeRules() {}

    /** What is missing, or null when the change is complete. */
    static @Nullable String problem(Change change) {
        return switch (change) {
            case CreateBucket c ->
                    first(
                            text("name", c.name()),
                            optionalText("owner", c.owner()),
                            settings(c.settings(), List.of()));
            case DeleteBucket c -> bucket(c.bucketId());
            case SetVersioning c -> bucket(c.bucketId());
            case CreateSnapshot c -> first(bucket(c.bucketId()), text("name", c.name()));
            case RemoveSnapshot c -> first(bucket(c.bucketId()), text("name", c.name()));
            case ChangeBucketSettings c ->
                    first(bucket(c.bucketId()), settings(c.set(), c.removed()));
            case ChangeAccountSettings c ->
                    first(text("account", c.account()), settings(c.set(), c.removed()));
            case PutObject c ->
                    first(
                            key(c.bucketId(), c.key()),
                            text("etag", c.etag()),
                            manifest(c.manifest()),
                            attributes(c.attributes()),
                            checksums(c.checksums()));
            case CopyObject c ->
                    first(
                            key(c.bucketId(), c.key()),
                            key(c.source().bucketId(), c.source().key()),
                            positive("source position", c.source().position()),
                            c.attributes() == null ? null : attributes(c.attributes()));
            case DeleteObject c -> key(c.bucketId(), c.key());
            case SetAttributes c ->
                    first(
                            key(c.bucketId(), c.key()),
                            positive("version position", c.position()),
                            notNegative("revision", c.revision()),
                            attributes(c.attributes()));
            case ExpireObject c ->
                    first(
                            key(c.bucketId(), c.key()),
                            positive("version position", c.position()),
                            notNegative("due seconds", c.throughSeconds()));
            case RemoveVersion c ->
                    first(key(c.bucketId(), c.key()), positive("version position", c.position()));
            case RestoreVersion c ->
                    first(key(c.bucketId(), c.key()), positive("version position", c.position()));
            case TransitionVersion c ->
                    first(
                            key(c.bucketId(), c.key()),
                            positive("version position", c.position()),
                            manifest(c.manifest()),
                            c.storageClass().isEmpty()
                                    ? null
                                    : text("storage class", c.storageClass()));
            case EraseHistory c -> key(c.bucketId(), c.key());
            case WithdrawObject c -> key(c.bucketId(), c.key());
            case UploadChange c -> upload(c);
            case WindowChange c -> window(c);
            case IdentityChange c -> IdentityRules.problem(c);
            case TopologyChange c -> TopologyRules.problem(c);
        };
    }

    private static @Nullable String upload(UploadChange change) {
        return switch (change) {
            case StartUpload c ->
                    first(
                            key(c.bucketId(), c.key()),
                            attributes(c.attributes()),
                            (c.algorithm() == null) == (c.checksumType() == null)
                                    ? null
                                    : "checksum algorithm and type go together");
            case PutPart c ->
                    first(
                            upload(c.bucketId(), c.key(), c.uploadId()),
                            positive("part number", c.partNumber()),
                            text("etag", c.etag()),
                            manifest(c.manifest()),
                            checksums(c.checksums()));
            case CompleteUpload c ->
                    first(
                            upload(c.bucketId(), c.key(), c.uploadId()),
                            parts(c.parts()),
                            text("etag", c.etag()),
                            checksums(c.checksums()),
                            notNegative("smallest part size", c.minPartSizeBytes()));
            case AbortUpload c -> upload(c.bucketId(), c.key(), c.uploadId());
        };
    }

    private static @Nullable String window(WindowChange change) {
        return switch (change) {
            case CloseWindow c -> notNegative("limit", c.limit());
            case ConfirmDropped c -> notNegative("position", c.throughPosition());
        };
    }

    /**
     * Half a surrogate pair has no UTF-8 form, so the text would not come back as it was.
     *
     * @throws IllegalArgumentException when the text has one
     */
    static String wellFormed(String name, String text) {
        if (!isWellFormed(text)) {
            throw new IllegalArgumentException(name + " is not well-formed Unicode");
        }
        return text;
    }

    private static @Nullable String bucket(long bucketId) {
        return positive("bucket id", bucketId);
    }

    private static @Nullable String key(long bucketId, String key) {
        return first(bucket(bucketId), text("key", key));
    }

    private static @Nullable String upload(long bucketId, String key, long uploadId) {
        return first(key(bucketId, key), positive("upload id", uploadId));
    }

    private static @Nullable String manifest(Manifest manifest) {
        return notNegative("pool", manifest.pool());
    }

    private static @Nullable String attributes(Attributes attributes) {
        return first(
                entries(attributes.headers()),
                entries(attributes.metadata()),
                settings(attributes.settings(), List.of()));
    }

    private static @Nullable String settings(Map<String, String> set, Collection<String> removed) {
        if (set.containsKey("") || removed.contains("")) {
            return "setting has no name";
        }
        for (String name : removed) {
            if (!isWellFormed(name)) {
                return "setting is not well-formed Unicode";
            }
        }
        return entries(set);
    }

    private static @Nullable String entries(Map<String, String> entries) {
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            if (!isWellFormed(entry.getKey()) || !isWellFormed(entry.getValue())) {
                return "attribute is not well-formed Unicode";
            }
        }
        return null;
    }

    private static @Nullable String checksums(List<Checksum> checksums) {
        for (Checksum checksum : checksums) {
            String problem = text("checksum value", checksum.value());
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static @Nullable String parts(List<PartRef> parts) {
        for (PartRef part : parts) {
            String problem =
                    first(
                            positive("part number", part.partNumber()),
                            text("part etag", part.etag()));
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    static @Nullable String text(String name, String value) {
        return value.isEmpty() ? name + " is empty" : optionalText(name, value);
    }

    static @Nullable String optionalText(String name, String value) {
        return isWellFormed(value) ? null : name + " is not well-formed Unicode";
    }

    static @Nullable String positive(String name, long value) {
        return value > 0 ? null : name + " is not positive: " + value;
    }

    static @Nullable String notNegative(String name, long value) {
        return value >= 0 ? null : name + " is negative: " + value;
    }

    static @Nullable String first(@Nullable String... problems) {
        for (String problem : problems) {
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            i++;
            if (Character.isLowSurrogate(c)
                    || i == text.length()
                    || !Character.isLowSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
