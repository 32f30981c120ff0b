package io.varve.endpoint.site;

import io.varve.endpoint.site.S3Model.ModelBucket;
import io.varve.endpoint.site.S3Model.ModelUpload;
import io.varve.endpoint.site.S3Model.Version;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Listings by the rules of S3: all keys in order, those after the marker, rolled up to common
 * prefixes, then as many as asked for.
 */
final class S3ModelListing {
    private S3ModelListing() {}

    /**
     * @param item a version or upload; null for a common prefix
     */
    record Entry<T>(String name, @Nullable T item) {
        T required() {
            return Objects.requireNonNull(item);
        }
    }

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
        Roll roll = new Roll(prefix, delimiter);
        return page(
                roll.up(named.stream().filter(entry -> roll.isAfter(entry.name(), after))), limit);
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
        Roll roll = new Roll(prefix, delimiter);
        Stream<Entry<Version>> rest =
                named.stream()
                        .filter(
                                entry ->
                                        (positionMarker != 0 && entry.name().equals(keyMarker))
                                                ? entry.required().position() < positionMarker
                                                : roll.isAfter(entry.name(), keyMarker));
        return page(roll.up(rest), limit);
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
        Roll roll = new Roll(prefix, delimiter);
        Stream<Entry<ModelUpload>> rest =
                named.stream()
                        .filter(
                                entry ->
                                        (uploadMarker != 0 && entry.name().equals(keyMarker))
                                                ? entry.required().id > uploadMarker
                                                : roll.isAfter(entry.name(), keyMarker));
        return page(roll.up(rest), limit);
    }

    private record Roll(String prefix, String delimiter) {

        @Nullable String commonPrefix(String name) {
            int at =
                    delimiter.isEmpty() || !name.startsWith(prefix)
                            ? -1
                            : name.indexOf(delimiter, prefix.length());
            return at < 0 ? null : name.substring(0, at + delimiter.length());
        }

        /** A marker that is a common prefix stands for all keys under it. */
        boolean isAfter(String name, @Nullable String marker) {
            if (marker == null) {
                return true;
            }
            boolean shown = marker.equals(commonPrefix(marker)) && name.startsWith(marker);
            return S3Model.KEY_ORDER.compare(name, marker) > 0 && !shown;
        }

        <T> List<Entry<T>> up(Stream<Entry<T>> named) {
            List<Entry<T>> entries = new ArrayList<>();
            named.filter(entry -> entry.name().startsWith(prefix))
                    .forEach(
                            entry -> {
                                String common = commonPrefix(entry.name());
                                if (common == null) {
                                    entries.add(entry);
                                } else if (entries.isEmpty()
                                        || !entries.getLast().name().equals(common)) {
                                    entries.add(new Entry<>(common, null));
                                }
                            });
            return entries;
        }
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
