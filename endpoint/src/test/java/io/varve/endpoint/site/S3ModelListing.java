package io.varve.endpoint.site;

import io.varve.endpoint.site.S3Model.ModelBucket;
import io.varve.endpoint.site.S3Model.ModelUpload;
import io.varve.endpoint.site.S3Model.Version;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Listings by the rules of S3: all entries in order, keys rolled up to common prefixes, then those
 * after the marker, then as many as asked for.
 */
final class S3ModelListing {
    private S3ModelListing() {}

    /**
     * @param item a version or upload; null for a common prefix
     */
    record Entry<T>(String name, @Nullable T item) {}

    /**
     * @param last the last entry when there is more after it; null on the last page
     */
    record Page<T>(List<Entry<T>> entries, @Nullable Entry<T> last) {
        List<T> items() {
            List<T> items = new ArrayList<>();
            for (Entry<T> entry : entries) {
                T item = entry.item();
                if (item != null) {
                    items.add(item);
                }
            }
            return items;
        }

        List<String> commonPrefixes() {
            return entries.stream().filter(entry -> entry.item() == null).map(Entry::name).toList();
        }
    }

    static Page<Version> objects(
            ModelBucket bucket,
            String prefix,
            String delimiter,
            @Nullable String after,
            int limit) {
        List<Entry<Version>> named = new ArrayList<>();
        for (String key : bucket.keys.keySet()) {
            Version current = bucket.current(key);
            if (current != null) {
                named.add(new Entry<>(key, current));
            }
        }
        Stream<Entry<Version>> rest =
                rolledUp(named, prefix, delimiter).stream()
                        .filter(entry -> isAfter(entry.name(), after));
        return page(rest.toList(), limit);
    }

    static Page<Version> versions(
            ModelBucket bucket,
            String prefix,
            String delimiter,
            @Nullable String keyMarker,
            long positionMarker,
            int limit) {
        List<Entry<Version>> named = new ArrayList<>();
        bucket.keys.forEach(
                (key, versions) -> versions.forEach(v -> named.add(new Entry<>(key, v))));
        Stream<Entry<Version>> rest =
                rolledUp(named, prefix, delimiter).stream()
                        .filter(
                                entry -> {
                                    Version version = entry.item();
                                    return (version != null
                                                    && positionMarker != 0
                                                    && entry.name().equals(keyMarker))
                                            ? version.position() < positionMarker
                                            : isAfter(entry.name(), keyMarker);
                                });
        return page(rest.toList(), limit);
    }

    static Page<ModelUpload> uploads(
            ModelBucket bucket,
            String prefix,
            String delimiter,
            @Nullable String keyMarker,
            long uploadMarker,
            int limit) {
        List<Entry<ModelUpload>> named = new ArrayList<>();
        bucket.uploads.values().stream()
                .sorted(
                        Comparator.comparing((ModelUpload u) -> u.key, S3Model.KEY_ORDER)
                                .thenComparing(u -> u.id))
                .forEach(upload -> named.add(new Entry<>(upload.key, upload)));
        Stream<Entry<ModelUpload>> rest =
                rolledUp(named, prefix, delimiter).stream()
                        .filter(
                                entry -> {
                                    ModelUpload upload = entry.item();
                                    return (upload != null
                                                    && uploadMarker != 0
                                                    && entry.name().equals(keyMarker))
                                            ? upload.id > uploadMarker
                                            : isAfter(entry.name(), keyMarker);
                                });
        return page(rest.toList(), limit);
    }

    private static boolean isAfter(String name, @Nullable String marker) {
        return marker == null || S3Model.KEY_ORDER.compare(name, marker) > 0;
    }

    private static <T> List<Entry<T>> rolledUp(
            List<Entry<T>> named, String prefix, String delimiter) {
        List<Entry<T>> entries = new ArrayList<>();
        for (Entry<T> entry : named) {
            String name = entry.name();
            if (!name.startsWith(prefix)) {
                continue;
            }
            int at = delimiter.isEmpty() ? -1 : name.indexOf(delimiter, prefix.length());
            if (at < 0) {
                entries.add(entry);
                continue;
            }
            String common = name.substring(0, at + delimiter.length());
            boolean there = !entries.isEmpty() && entries.getLast().name().equals(common);
            if (!there || entries.getLast().item() != null) {
                entries.add(new Entry<>(common, null));
            }
        }
        return entries;
    }

    private static <T> Page<T> page(List<Entry<T>> entries, int limit) {
        if (limit == 0) {
            return new Page<>(List.of(), null);
        }
        if (entries.size() <= limit) {
            return new Page<>(entries, null);
        }
        List<Entry<T>> first = entries.subList(0, limit);
        return new Page<>(first, first.getLast());
    }
}
