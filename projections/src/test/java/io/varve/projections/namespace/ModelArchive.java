package io.varve.projections.namespace;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.NamespaceModel.ModelVersion;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What archives must do, by searching everything that is there. */
final class ModelArchive {
    private static final String MARK = "application/x-deleted;swift_versions_deleted=1";

    private ModelArchive() {}

    static @Nullable String name(ModelBucket bucket) {
        if (bucket.versioning != Versioning.OFF) {
            return null;
        }
        String history = bucket.settings.get("archive.history");
        return history == null ? bucket.settings.get("archive.stack") : history;
    }

    private static @Nullable ModelBucket of(NamespaceModel model, ModelBucket bucket) {
        String name = name(bucket);
        ModelBucket archive = name == null ? null : model.named(name);
        return archive == null || !archive.owner.equals(bucket.owner) ? null : archive;
    }

    private static String prefix(String key) {
        return "%03x%s/".formatted(key.getBytes(StandardCharsets.UTF_8).length, key);
    }

    private static boolean isTooLong(String key) {
        return prefix(key).getBytes(StandardCharsets.UTF_8).length + 16 > 1024;
    }

    private static String freeName(ModelBucket archive, String key, long micros) {
        long ticks = micros / 10;
        while (true) {
            String name = prefix(key) + "%010d.%05d".formatted(ticks / 100_000, ticks % 100_000);
            if (archive.current(name) == null) {
                return name;
            }
            ticks++;
        }
    }

    private static boolean isLive(ModelVersion version, JournalRecord record) {
        return ModelSettings.expires(version.shown) * 1_000_000.0 > record.timeMicros();
    }

    static @Nullable Refusal keep(
            NamespaceModel model, ModelBucket bucket, String key, JournalRecord record) {
        ModelVersion current = bucket.current(key);
        if (name(bucket) == null || current == null || !isLive(current, record)) {
            return null;
        }
        ModelBucket archive = of(model, bucket);
        if (archive == null || isTooLong(key)) {
            return Refusal.NO_SUCH_ARCHIVE;
        }
        ObjectVersion from = current.shown;
        ObjectVersion moved =
                new ObjectVersion(
                        archive.id,
                        freeName(archive, key, from.createdMicros()),
                        from.position(),
                        archive.versioning != Versioning.ENABLED,
                        false,
                        from.createdMicros(),
                        from.sizeBytes(),
                        from.etag(),
                        from.partCount(),
                        from.attributes(),
                        from.checksums(),
                        from.revision());
        model.push(archive, new ModelVersion(moved, current.bytes, current.parts), record);
        return null;
    }

    static Outcome delete(
            NamespaceModel model,
            ModelBucket bucket,
            String key,
            @Nullable Refusal violated,
            JournalRecord record) {
        ModelBucket archive = of(model, bucket);
        if (bucket.settings.containsKey("archive.history")) {
            if (violated != null) {
                return new Outcome.Refused(violated);
            }
            return archive == null || isTooLong(key)
                    ? new Outcome.Refused(Refusal.NO_SUCH_ARCHIVE)
                    : intoHistory(model, bucket, archive, key, record);
        }
        List<ModelVersion> kept = archive == null ? List.of() : kept(archive, key);
        if (archive == null || kept.isEmpty()) {
            return violated == null ? drop(model, bucket, key, record) : refused(violated);
        }
        if (violated != null && violated != Refusal.NO_SUCH_KEY) {
            return refused(violated);
        }
        ModelVersion newest = kept.getLast();
        if (!isMark(newest)) {
            restore(model, bucket, archive, newest, key, record);
            return new Outcome.ObjectDeleted(null, false);
        }
        ModelVersion current = bucket.current(key);
        if (current != null && isLive(current, record)) {
            return drop(model, bucket, key, record);
        }
        if (kept.size() > 1 && !isMark(kept.get(kept.size() - 2))) {
            restore(model, bucket, archive, kept.get(kept.size() - 2), key, record);
        }
        model.end(archive, newest, record);
        return new Outcome.ObjectDeleted(null, false);
    }

    private static Outcome refused(Refusal reason) {
        return new Outcome.Refused(reason);
    }

    private static boolean isMark(ModelVersion version) {
        return MARK.equals(version.shown.attributes().headers().get("content-type"));
    }

    private static Outcome drop(
            NamespaceModel model, ModelBucket bucket, String key, JournalRecord record) {
        ModelVersion current = bucket.current(key);
        if (current != null) {
            model.end(bucket, current, record);
        }
        return new Outcome.ObjectDeleted(null, false);
    }

    private static Outcome intoHistory(
            NamespaceModel model,
            ModelBucket bucket,
            ModelBucket archive,
            String key,
            JournalRecord record) {
        keep(model, bucket, key, record);
        ObjectVersion mark =
                new ObjectVersion(
                        archive.id,
                        freeName(archive, key, record.timeMicros()),
                        record.position(),
                        archive.versioning != Versioning.ENABLED,
                        false,
                        record.timeMicros(),
                        0,
                        "d41d8cd98f00b204e9800998ecf8427e",
                        0,
                        new Attributes(
                                new TreeMap<>(Map.of("content-type", MARK)), new TreeMap<>()),
                        List.of());
        model.push(archive, new ModelVersion(mark, List.of(), List.of()), record);
        return drop(model, bucket, key, record);
    }

    /** Oldest first. */
    private static List<ModelVersion> kept(ModelBucket archive, String key) {
        List<ModelVersion> kept = new ArrayList<>();
        archive.currents.forEach(
                (name, version) -> {
                    boolean ours =
                            name.startsWith(prefix(key))
                                    && name.substring(prefix(key).length())
                                            .matches("[0-9]{10}\\.[0-9]{5}");
                    if (ours) {
                        kept.add(version);
                    }
                });
        return kept;
    }

    private static void restore(
            NamespaceModel model,
            ModelBucket bucket,
            ModelBucket archive,
            ModelVersion kept,
            String key,
            JournalRecord record) {
        ObjectVersion from = kept.shown;
        ObjectVersion back =
                new ObjectVersion(
                        bucket.id,
                        key,
                        record.position(),
                        true,
                        false,
                        record.timeMicros(),
                        from.sizeBytes(),
                        from.etag(),
                        from.partCount(),
                        from.attributes(),
                        from.checksums());
        model.push(bucket, new ModelVersion(back, kept.bytes, kept.parts), record);
        model.end(archive, kept, record);
    }
}
