package io.varve.projections.namespace;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;
import io.varve.journal.record.Draft;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.VersionRef;
import io.varve.journal.record.Versioning;
import io.varve.journal.record.WindowChange;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Draws changes that mostly hit something: few buckets and keys, targets taken from what the model
 * holds, and now and then nonsense.
 */
final class RandomChanges {
    private static final String[] NAMES = {"alpha", "beta", "gamma", "delta"};
    private static final String[] OWNERS = {"alice", "bob"};
    private static final String[] PIECES = {
        "a", "b", "c", "/", "/", "//", "\u0000", "\u0001", "\u00e9", "\u20ac", "\ud83d\ude00", "~"
    };

    private final SplittableRandom random;
    private final NamespaceModel model;
    private long blobs;
    private @Nullable RequestId lastRequest;
    private long nowSeconds;

    RandomChanges(SplittableRandom random, NamespaceModel model) {
        this.random = random;
        this.model = model;
    }

    Draft next(long nowMicros, long endPosition) {
        RequestId id = new RequestId(random.nextLong(), random.nextLong());
        if (lastRequest != null && random.nextInt(200) == 0) {
            id = lastRequest;
        }
        lastRequest = id;
        return new Draft(id, pick(OWNERS), change(nowMicros, endPosition));
    }

    private Change change(long nowMicros, long endPosition) {
        int dice = random.nextInt(100);
        this.nowSeconds = nowMicros / 1_000_000;
        if (model.buckets.size() < 2 || dice < 3) {
            return new BucketChange.CreateBucket(
                    pick(NAMES),
                    pick(OWNERS),
                    random.nextInt(5) == 0 ? settings() : new TreeMap<>());
        }
        if (random.nextInt(25) == 0) {
            return settingsChange(bucketId(endPosition));
        }
        if (random.nextInt(8) == 0) {
            return revision(bucketId(endPosition), endPosition);
        }
        long bucketId = bucketId(endPosition);
        if (dice < 5) {
            return new BucketChange.SetVersioning(bucketId, pick(Versioning.values()));
        }
        if (dice < 7) {
            return new BucketChange.DeleteBucket(emptiest());
        }
        if (dice < 30) {
            return put(bucketId);
        }
        if (dice < 38) {
            return copy(bucketId, endPosition);
        }
        if (dice < 68) {
            return delete(bucketId, endPosition);
        }
        if (dice < 93) {
            return upload(bucketId, endPosition);
        }
        if (dice < 97) {
            return new WindowChange.CloseWindow(
                    nowMicros - random.nextInt(600_000), random.nextInt(40));
        }
        return new WindowChange.ConfirmDropped(endPosition - random.nextInt(-5, 300));
    }

    private <T> T pick(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private long bucketId(long endPosition) {
        List<Long> ids = new ArrayList<>(model.buckets.keySet());
        return random.nextInt(50) == 0 ? random.nextLong(endPosition + 2) : pick(ids);
    }

    private long emptiest() {
        return model.buckets.values().stream()
                .min((a, b) -> Integer.compare(a.keys.size(), b.keys.size()))
                .orElseThrow()
                .id;
    }

    String key() {
        StringBuilder key = new StringBuilder();
        int length = 1 + random.nextInt(4);
        if (random.nextInt(60) == 0) {
            key.append(pick(PIECES).repeat(1 + random.nextInt(240)));
        }
        for (int i = 0; i < length; i++) {
            key.append(pick(PIECES));
        }
        return key.toString();
    }

    /** Of the bucket if it has any, so that keys collect versions. */
    private String key(long bucketId) {
        var bucket = model.buckets.get(bucketId);
        if (bucket == null || bucket.keys.isEmpty() || random.nextInt(4) == 0) {
            return key();
        }
        return pick(new ArrayList<>(bucket.keys.keySet()));
    }

    private String etag() {
        return "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }

    private Manifest manifest() {
        int count = random.nextInt(40) == 0 ? 5 + random.nextInt(20) : random.nextInt(4);
        List<BlobRef> refs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            refs.add(new BlobRef(random.nextLong(), ++blobs, 1 + random.nextInt(9), 7));
        }
        return new Manifest(refs.isEmpty() ? 0 : random.nextInt(3), refs);
    }

    private Attributes attributes() {
        if (random.nextBoolean()) {
            return Attributes.NONE;
        }
        TreeMap<String, String> headers = new TreeMap<>(Map.of("content-type", "text/" + key()));
        TreeMap<String, String> metadata = new TreeMap<>(Map.of("color", key()));
        return random.nextInt(3) > 0
                ? new Attributes(headers, metadata)
                : new Attributes(headers, metadata, new TreeMap<>(Map.of("expires", expires())));
    }

    private String expires() {
        return random.nextInt(9) == 0 ? "never" : Long.toString(nowSeconds + random.nextInt(-2, 4));
    }

    /** Quotas are seldom, and soon lifted again, so that most puts take effect. */
    private TreeMap<String, String> settings() {
        TreeMap<String, String> settings = new TreeMap<>();
        switch (random.nextInt(14)) {
            case 12 -> settings.put("archive.stack", pick(NAMES));
            case 13 -> settings.put("archive.history", pick(NAMES));
            case 0 -> settings.put("quota.bytes", Integer.toString(random.nextInt(200)));
            case 1 -> settings.put("quota.objects", Integer.toString(random.nextInt(30)));
            case 2 -> settings.put("quota.bytes", "unlimited");
            case 3 -> settings.put("policy", "x".repeat(random.nextInt(180_000)));
            default -> settings.put(key(), key());
        }
        return settings;
    }

    private TreeSet<String> removedSettings() {
        TreeSet<String> removed = new TreeSet<>(Set.of(key()));
        if (random.nextInt(3) > 0) {
            removed.addAll(List.of("quota.bytes", "quota.objects", "policy", "policy2"));
        }
        if (random.nextInt(5) == 0) {
            removed.add(random.nextBoolean() ? "archive.stack" : "archive.history");
        }
        return removed;
    }

    private Change settingsChange(long bucketId) {
        TreeMap<String, String> set = random.nextInt(3) == 0 ? settings() : new TreeMap<>();
        if (random.nextInt(30) == 0) {
            set.put("policy2", "\u00e9".repeat(random.nextInt(90_000)));
        }
        return random.nextBoolean()
                ? new BucketChange.ChangeBucketSettings(bucketId, set, removedSettings())
                : new AccountChange.ChangeAccountSettings(pick(OWNERS), set, removedSettings());
    }

    /** Attributes replaced, or a version that expires: mostly one that is there and due. */
    private Change revision(long bucketId, long endPosition) {
        String key = key(bucketId);
        long position = 1 + random.nextLong(endPosition + 1);
        long revision = 0;
        var bucket = model.buckets.get(bucketId);
        if (bucket != null && !bucket.versions(key).isEmpty() && random.nextInt(12) > 0) {
            ObjectVersion version = pick(bucket.versions(key)).shown;
            position = version.position();
            revision = random.nextInt(6) == 0 ? position : version.revision();
        }
        if (random.nextInt(3) == 0) {
            return switch (random.nextInt(4)) {
                case 0 -> new ObjectChange.RemoveVersion(bucketId, key, position);
                case 1 -> new ObjectChange.WithdrawObject(bucketId, key);
                default -> new ObjectChange.RestoreVersion(bucketId, key, position);
            };
        }
        if (random.nextInt(3) == 0) {
            return transition(bucketId, key, position);
        }
        if (random.nextInt(3) > 0) {
            return new ObjectChange.SetAttributes(
                    bucketId,
                    key,
                    position,
                    random.nextBoolean() ? 0 : revision,
                    attributes(),
                    random.nextBoolean());
        }
        var due = ModelSettings.expired(model, nowSeconds);
        if (!due.isEmpty() && random.nextInt(6) > 0) {
            var version = due.get(random.nextInt(due.size()));
            return new ObjectChange.ExpireObject(
                    version.bucketId(),
                    version.key(),
                    version.position(),
                    nowSeconds,
                    random.nextInt(4) > 0);
        }
        return new ObjectChange.ExpireObject(
                bucketId, key, position, nowSeconds, random.nextBoolean());
    }

    /** To blobs that are cut as those of before; now and then to others. */
    private Change transition(long bucketId, String key, long position) {
        Manifest manifest = manifest();
        var bucket = model.buckets.get(bucketId);
        var version = bucket == null ? null : NamespaceModel.at(bucket, key, position);
        if (version != null && random.nextInt(5) > 0) {
            List<BlobRef> refs = new ArrayList<>();
            for (BlobRef old : version.blobs()) {
                refs.add(new BlobRef(random.nextLong(), ++blobs, old.lengthBytes(), old.crc32c()));
            }
            manifest = new Manifest(refs.isEmpty() ? 0 : random.nextInt(3), refs);
        }
        return new ObjectChange.TransitionVersion(
                bucketId, key, position, manifest, random.nextBoolean() ? "" : "cold");
    }

    private List<Checksum> checksums() {
        return random.nextInt(3) > 0
                ? List.of()
                : List.of(
                        new Checksum(
                                pick(ChecksumAlgorithm.values()),
                                pick(ChecksumType.values()),
                                "AAAA" + random.nextInt(99)));
    }

    private Precondition condition(long bucketId, String key) {
        int dice = random.nextInt(12);
        if (dice == 0) {
            return new Precondition.IfAbsent();
        }
        if (dice > 4) {
            return Precondition.NONE;
        }
        var bucket = model.buckets.get(bucketId);
        var current = bucket == null ? null : bucket.current(key);
        if (dice == 4) {
            long written = current == null ? 1 : current.shown.createdMicros();
            return new Precondition.IfOlder(written + random.nextInt(3) - 1);
        }
        if (dice == 1 || current == null) {
            return new Precondition.IfMatch("*");
        }
        return new Precondition.IfMatch(dice == 2 ? etag() : current.shown.etag());
    }

    private Change put(long bucketId) {
        String key = key(bucketId);
        return new ObjectChange.PutObject(
                bucketId,
                key,
                random.nextInt(9) == 0 ? "odd etag" : etag(),
                manifest(),
                attributes(),
                checksums(),
                condition(bucketId, key));
    }

    private Change copy(long bucketId, long endPosition) {
        String key = key(bucketId);
        VersionRef source =
                new VersionRef(bucketId, key, Math.max(1, random.nextLong(endPosition + 1)));
        List<ObjectVersion> all = new ArrayList<>();
        if (random.nextInt(3) > 0) {
            for (var bucket : model.buckets.values()) {
                bucket.keys.values().forEach(vs -> vs.forEach(v -> all.add(v.shown)));
            }
        } else {
            for (var ended : model.history) {
                var version = ended.version();
                if (version != null) {
                    all.add(version.shown);
                }
            }
        }
        if (!all.isEmpty() && random.nextInt(20) > 0) {
            ObjectVersion version = pick(all);
            source = new VersionRef(version.bucketId(), version.key(), version.position());
        }
        return new ObjectChange.CopyObject(
                bucketId,
                key,
                source,
                random.nextBoolean() ? attributes() : null,
                condition(bucketId, key));
    }

    private Change delete(long bucketId, long endPosition) {
        String key = key(bucketId);
        var bucket = model.buckets.get(bucketId);
        VersionId version = null;
        if (random.nextInt(3) > 0) {
            version = new VersionId(random.nextLong(endPosition + 1));
            if (bucket != null && !bucket.versions(key).isEmpty() && random.nextInt(10) > 0) {
                version = pick(bucket.versions(key)).shown.versionId();
            }
        }
        return new ObjectChange.DeleteObject(bucketId, key, version, condition(bucketId, key));
    }

    private Change upload(long bucketId, long endPosition) {
        var bucket = model.buckets.get(bucketId);
        List<NamespaceModel.ModelUpload> open =
                bucket == null ? List.of() : new ArrayList<>(bucket.uploads.values());
        if (open.size() < 3 || random.nextInt(12) == 0) {
            boolean summed = random.nextBoolean();
            return new UploadChange.StartUpload(
                    bucketId,
                    key(bucketId),
                    attributes(),
                    summed ? pick(ChecksumAlgorithm.values()) : null,
                    summed ? pick(ChecksumType.values()) : null);
        }
        if (random.nextInt(25) == 0) {
            return gone(bucketId, endPosition);
        }
        var upload = pick(open);
        Upload shown = upload.shown;
        int dice = random.nextInt(10);
        if (dice < 6) {
            return new UploadChange.PutPart(
                    bucketId,
                    shown.key(),
                    shown.id(),
                    1 + random.nextInt(8),
                    etag(),
                    manifest(),
                    checksums());
        }
        if (dice == 6) {
            return new UploadChange.AbortUpload(bucketId, shown.key(), shown.id());
        }
        return complete(upload);
    }

    /** An upload that never was, or is no longer open. */
    private Change gone(long bucketId, long endPosition) {
        if (!model.completed.isEmpty() && random.nextInt(4) > 0) {
            long id = pick(new ArrayList<>(model.completed.keySet()));
            var done = model.completed.get(id);
            if (done != null) {
                boolean same = random.nextBoolean();
                return new UploadChange.CompleteUpload(
                        done.bucketId(),
                        done.key(),
                        id,
                        List.of(new UploadChange.PartRef(1, "any")),
                        same ? done.version().shown.etag() : etag(),
                        List.of(),
                        0,
                        new Precondition.IfAbsent());
            }
        }
        long id = random.nextLong(endPosition + 2);
        String key = key(bucketId);
        return random.nextBoolean()
                ? new UploadChange.AbortUpload(bucketId, key, id)
                : new UploadChange.PutPart(bucketId, key, id, 1, etag(), manifest(), checksums());
    }

    private Change complete(NamespaceModel.ModelUpload upload) {
        List<UploadChange.PartRef> parts = new ArrayList<>();
        for (Part part : upload.parts.values()) {
            if (random.nextInt(6) > 0) {
                parts.add(new UploadChange.PartRef(part.partNumber(), part.etag()));
            }
        }
        if (random.nextInt(15) == 0) {
            parts.add(new UploadChange.PartRef(1 + random.nextInt(9), etag()));
        }
        Upload shown = upload.shown;
        return new UploadChange.CompleteUpload(
                shown.bucketId(),
                shown.key(),
                shown.id(),
                parts,
                etag() + "-" + parts.size(),
                checksums(),
                random.nextInt(5) == 0 ? 4 : 0,
                condition(shown.bucketId(), shown.key()));
    }
}
