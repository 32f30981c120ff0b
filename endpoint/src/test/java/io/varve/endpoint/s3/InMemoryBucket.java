package io.varve.endpoint.s3;

import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Part;
import io.varve.projections.namespace.Upload;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** One bucket of {@link InMemoryStore}. Guarded by the store's lock. */
final class InMemoryBucket {
    final long id;
    final String name;
    final String owner;
    final long createdMicros;
    Versioning versioning = Versioning.OFF;
    final TreeMap<String, String> settings = new TreeMap<>();

    /** Versions of each key, newest first. */
    final NavigableMap<String, List<Row>> keys = new TreeMap<>(Utf8Order.KEYS);

    final NavigableMap<Long, OpenUpload> uploads = new TreeMap<>();
    final NavigableMap<Long, ObjectVersion> completed = new TreeMap<>();

    record Row(ObjectVersion version, byte[] bytes, List<Part> parts) {}

    record PartRow(Part part, byte[] bytes) {}

    record OpenUpload(Upload upload, NavigableMap<Integer, PartRow> parts) {}

    InMemoryBucket(long id, String name, String owner, long createdMicros) {
        this.id = id;
        this.name = name;
        this.owner = owner;
        this.createdMicros = createdMicros;
    }

    Bucket image() {
        List<ObjectVersion> current =
                keys.values().stream()
                        .map(rows -> rows.getFirst().version())
                        .filter(version -> !version.deleteMarker())
                        .toList();
        return new Bucket(
                id,
                name,
                owner,
                createdMicros,
                versioning,
                current.size(),
                current.stream().mapToLong(ObjectVersion::sizeBytes).sum(),
                new TreeMap<>(settings));
    }

    Optional<Row> latest(String key) {
        List<Row> rows = keys.get(key);
        return rows == null ? Optional.empty() : Optional.of(rows.getFirst());
    }

    Optional<Row> current(String key) {
        return latest(key).filter(row -> !row.version().deleteMarker());
    }

    Optional<Row> version(String key, VersionId version) {
        return keys.getOrDefault(key, List.of()).stream()
                .filter(row -> row.version().versionId().equals(version))
                .findFirst();
    }

    Optional<Row> madeAt(String key, long position) {
        return keys.getOrDefault(key, List.of()).stream()
                .filter(row -> row.version().position() == position)
                .findFirst();
    }

    /** A null version takes the place of the one before it. */
    void place(Row row) {
        List<Row> rows = keys.computeIfAbsent(row.version().key(), _ -> new ArrayList<>());
        if (row.version().nullVersion()) {
            rows.removeIf(other -> other.version().nullVersion());
        }
        rows.addFirst(row);
    }

    void remove(String key, VersionId version) {
        List<Row> rows = keys.get(key);
        if (rows != null) {
            rows.removeIf(row -> row.version().versionId().equals(version));
            if (rows.isEmpty()) {
                keys.remove(key);
            }
        }
    }
}
