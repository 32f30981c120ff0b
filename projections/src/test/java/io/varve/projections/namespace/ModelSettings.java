package io.varve.projections.namespace;

import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.NamespaceModel.ModelVersion;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What settings must do: merged as maps, quotas and expiry computed from everything there is. */
final class ModelSettings {
    private ModelSettings() {}

    static Outcome change(
            Map<String, String> settings, Map<String, String> set, Set<String> removed) {
        Map<String, String> merged = new TreeMap<>(settings);
        removed.forEach(merged::remove);
        merged.putAll(set);
        int size = 0;
        for (var entry : merged.entrySet()) {
            String text = entry.getKey() + entry.getValue();
            size += text.getBytes(StandardCharsets.UTF_8).length;
        }
        if (size > 262_144) {
            return new Outcome.Refused(Refusal.SETTINGS_TOO_LARGE);
        }
        settings.clear();
        settings.putAll(merged);
        return new Outcome.Applied();
    }

    static Account account(NamespaceModel model, String name) {
        List<Bucket> owned =
                model.buckets.values().stream()
                        .map(ModelBucket::toBucket)
                        .filter(b -> b.owner().equals(name))
                        .toList();
        return new Account(
                name,
                new TreeMap<>(model.accountSettings.getOrDefault(name, Map.of())),
                owned.size(),
                owned.stream().mapToLong(Bucket::objectCount).sum(),
                owned.stream().mapToLong(b -> b.sizeBytes() + b.versionBytes()).sum());
    }

    private static long limit(Map<String, String> settings, String name) {
        String text = settings.getOrDefault(name, "");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : Long.MAX_VALUE;
    }

    static boolean exceedsQuota(
            NamespaceModel model, ModelBucket bucket, String key, long sizeBytes) {
        ModelVersion current = bucket.current(key);
        long addedBytes = sizeBytes - (current == null ? 0 : freedBytes(bucket, current));
        long addedObjects = current == null ? 1 : 0;
        Bucket before = bucket.toBucket();
        Account account = account(model, bucket.owner);
        return (addedBytes > 0
                        && before.sizeBytes() + before.versionBytes() + addedBytes
                                > limit(bucket.settings, "quota.bytes"))
                || (addedObjects > 0
                        && before.objectCount() + addedObjects
                                > limit(bucket.settings, "quota.objects"))
                || (addedBytes > 0
                        && account.sizeBytes() + addedBytes
                                > limit(account.settings(), "quota.bytes"));
    }

    private static long freedBytes(ModelBucket bucket, ModelVersion current) {
        boolean stays =
                bucket.versioning == Versioning.ENABLED
                        || !current.shown.nullVersion()
                        || ModelArchive.name(bucket) != null;
        return stays ? 0 : current.shown.sizeBytes();
    }

    static long expires(ObjectVersion version) {
        return limit(version.attributes().settings(), "expires");
    }

    /** What the view must say falls due, the earliest first. */
    static List<NamespaceView.ExpiringVersion> expired(NamespaceModel model, long throughSeconds) {
        List<NamespaceView.ExpiringVersion> due = new ArrayList<>();
        for (ModelBucket bucket : model.buckets.values()) {
            for (var versions : bucket.keys.values()) {
                for (ModelVersion v : versions) {
                    boolean mayExpire = v.shown.nullVersion() || v == bucket.current(v.shown.key());
                    if (mayExpire && expires(v.shown) <= throughSeconds) {
                        due.add(
                                new NamespaceView.ExpiringVersion(
                                        expires(v.shown),
                                        bucket.id,
                                        v.shown.key(),
                                        v.shown.position()));
                    }
                }
            }
        }
        due.sort(
                Comparator.comparingLong(NamespaceView.ExpiringVersion::expiresSeconds)
                        .thenComparingLong(NamespaceView.ExpiringVersion::bucketId)
                        .thenComparing(NamespaceView.ExpiringVersion::key, NamespaceModel.BY_BYTES)
                        .thenComparingLong(NamespaceView.ExpiringVersion::position));
        return due;
    }
}
