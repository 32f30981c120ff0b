package io.varve.endpoint.salvage;

import io.varve.endpoint.store.OwnerTag;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A key of a bucket with all its versions that the devices know. */
final class SalvagedObject {
    private final long bucketId;
    private final String key;
    private final Map<Long, SalvagedBody> wholes = new TreeMap<>();
    private final Map<Long, Map<Long, SalvagedBody>> uploads = new HashMap<>();

    SalvagedObject(long bucketId, String key) {
        this.bucketId = bucketId;
        this.key = key;
    }

    SalvagedBody body(OwnerTag tag) {
        Map<Long, SalvagedBody> bodies =
                tag.uploadId() == 0
                        ? wholes
                        : uploads.computeIfAbsent(tag.uploadId(), id -> new TreeMap<>());
        return bodies.computeIfAbsent(
                tag.writeId(), id -> new SalvagedBody(tag.writeId(), tag.partNumber()));
    }

    long bucketId() {
        return bucketId;
    }

    String key() {
        return key;
    }

    /** The oldest first. */
    List<SalvagedVersion> versions() {
        List<SalvagedVersion> versions = new ArrayList<>();
        wholes.values().forEach(body -> versions.add(new SalvagedVersion(0, List.of(body))));
        uploads.forEach((id, bodies) -> versions.add(ofParts(id, bodies)));
        versions.sort(Comparator.comparingLong(SalvagedVersion::writeId));
        return versions;
    }

    /** Of the bodies of a part the newest whole one counts; if none is whole, the newest. */
    private static SalvagedVersion ofParts(long uploadId, Map<Long, SalvagedBody> bodies) {
        Map<Integer, SalvagedBody> parts = new TreeMap<>();
        for (SalvagedBody body : bodies.values()) {
            SalvagedBody before = parts.get(body.partNumber());
            if (before == null || body.gap() == null || before.gap() != null) {
                parts.put(body.partNumber(), body);
            }
        }
        return new SalvagedVersion(uploadId, List.copyOf(parts.values()));
    }

    /** The newest version that is whole; null when none is. */
    static @Nullable SalvagedVersion newestWhole(List<SalvagedVersion> versions) {
        for (int i = versions.size() - 1; i >= 0; i--) {
            if (versions.get(i).gap() == null) {
                return versions.get(i);
            }
        }
        return null;
    }
}
