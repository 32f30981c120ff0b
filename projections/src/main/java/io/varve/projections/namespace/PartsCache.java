package io.varve.projections.namespace;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The parts of objects made of many, as last read: each read of a range needs the whole list to
 * find its place. The parts of a completed upload never change. Safe for many threads; bounded by
 * the number of parts, the object not read for longest goes first.
 */
final class PartsCache {
    /** About 10 MiB. */
    private static final int PART_COUNT_MAX = 50_000;

    private final Map<Long, List<Part>> byUpload = new LinkedHashMap<>(16, 0.75f, true);
    private int partCount;

    List<Part> get(long uploadId, Supplier<List<Part>> read) {
        synchronized (byUpload) {
            List<Part> known = byUpload.get(uploadId);
            if (known != null) {
                return known;
            }
        }
        List<Part> parts = read.get();
        if (!parts.isEmpty()) {
            put(uploadId, parts);
        }
        return parts;
    }

    private void put(long uploadId, List<Part> parts) {
        synchronized (byUpload) {
            if (byUpload.putIfAbsent(uploadId, parts) != null) {
                return;
            }
            partCount += parts.size();
            var oldest = byUpload.entrySet().iterator();
            while (partCount > PART_COUNT_MAX && byUpload.size() > 1) {
                partCount -= oldest.next().getValue().size();
                oldest.remove();
            }
        }
    }

    int partCount() {
        synchronized (byUpload) {
            return partCount;
        }
    }
}
