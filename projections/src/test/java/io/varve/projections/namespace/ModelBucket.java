package io.varve.projections.namespace;

import static io.varve.projections.namespace.NamespaceModel.BY_BYTES;

import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.NamespaceModel.ModelUpload;
import io.varve.projections.namespace.NamespaceModel.ModelVersion;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A bucket of the model, and every rule that concerns it alone. */
final class ModelBucket {
    final long id;
    final String name;
    final String owner;
    final long createdMicros;
    Versioning versioning = Versioning.OFF;
    final TreeMap<String, String> settings = new TreeMap<>();

    /** Versions of each key, oldest first. */
    final Map<String, List<ModelVersion>> keys = new TreeMap<>(BY_BYTES);

    /** What a reader of each key sees. */
    final Map<String, ModelVersion> currents = new TreeMap<>(BY_BYTES);

    final Map<Long, ModelUpload> uploads = new TreeMap<>();

    ModelBucket(long id, String name, String owner, long createdMicros) {
        this.id = id;
        this.name = name;
        this.owner = owner;
        this.createdMicros = createdMicros;
    }

    List<ModelVersion> versions(String key) {
        return keys.getOrDefault(key, List.of());
    }

    @Nullable ModelVersion newest(String key) {
        return versions(key).isEmpty() ? null : versions(key).getLast();
    }

    @Nullable ModelVersion current(String key) {
        return currents.get(key);
    }

    /** What is current or, when that is nothing, the delete marker that makes it so. */
    @Nullable ModelVersion latest(String key) {
        ModelVersion current = current(key);
        ModelVersion newest = newest(key);
        if (current != null || newest == null) {
            return current;
        }
        return newest.shown.deleteMarker() ? newest : null;
    }

    void add(ModelVersion version) {
        List<ModelVersion> versions =
                keys.computeIfAbsent(version.shown.key(), k -> new ArrayList<>());
        versions.add(version);
        versions.sort(Comparator.comparingLong(v -> v.shown.position()));
        if (version.shown.deleteMarker()) {
            currents.remove(version.shown.key());
        } else {
            currents.put(version.shown.key(), version);
        }
    }

    /** Whether there was such a version. */
    boolean remove(ModelVersion version) {
        String key = version.shown.key();
        if (!versions(key).remove(version)) {
            return false;
        }
        if (versions(key).isEmpty()) {
            keys.remove(key);
        }
        currents.remove(key, version);
        return true;
    }

    Bucket toBucket() {
        long count = 0;
        long size = 0;
        long versionBytes = 0;
        for (var versions : keys.values()) {
            for (ModelVersion version : versions) {
                if (version == current(version.shown.key())) {
                    count++;
                    size += version.shown.sizeBytes();
                } else {
                    versionBytes += version.shown.sizeBytes();
                }
            }
        }
        return new Bucket(
                id,
                name,
                owner,
                createdMicros,
                versioning,
                count,
                size,
                new TreeMap<>(settings),
                versionBytes);
    }
}
