package io.varve.projections.namespace;

import static io.varve.projections.namespace.NamespaceModel.BY_BYTES;

import io.varve.journal.record.VersionId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What lists must show, by the rules of S3, from everything there is. */
final class ModelLists {
    private ModelLists() {}

    /** One line of a listing before it is cut into pages: something listed, or a common prefix. */
    private record Line<T>(String text, @Nullable T item) {}

    private static @Nullable String commonPrefix(String key, String prefix, String delimiter) {
        if (delimiter.isEmpty()) {
            return null;
        }
        int at = key.indexOf(delimiter, prefix.length());
        return at < 0 ? null : key.substring(0, at + delimiter.length());
    }

    private static boolean isAfter(String key, @Nullable String common, @Nullable String after) {
        if (after == null) {
            return true;
        }
        return BY_BYTES.compare(key, after) > 0 && !after.equals(common);
    }

    /** Rolls up and cuts; one line more than the limit when there is more. */
    private static <T> void add(
            Map<String, Line<T>> prefixes,
            List<Line<T>> lines,
            @Nullable String common,
            T item,
            String key) {
        if (common == null) {
            lines.add(new Line<>(key, item));
        } else if (!prefixes.containsKey(common)) {
            Line<T> line = new Line<>(common, null);
            prefixes.put(common, line);
            lines.add(line);
        }
    }

    static ListPage list(NamespaceModel model, ListQuery query) {
        List<Line<ObjectVersion>> lines = new ArrayList<>();
        Map<String, Line<ObjectVersion>> prefixes = new LinkedHashMap<>();
        ModelBucket bucket = model.buckets.get(query.bucketId());
        if (bucket != null) {
            for (String key : bucket.keys.keySet()) {
                var current = bucket.current(key);
                String common = commonPrefix(key, query.prefix(), query.delimiter());
                if (current != null
                        && ModelSettings.expires(current.shown) > query.atSeconds()
                        && key.startsWith(query.prefix())
                        && isAfter(key, common, query.after())) {
                    add(prefixes, lines, common, current.shown, key);
                }
            }
        }
        boolean more = query.limit() > 0 && lines.size() > query.limit();
        List<Line<ObjectVersion>> page = lines.subList(0, Math.min(query.limit(), lines.size()));
        return new ListPage(items(page), prefixes(page), more ? page.getLast().text() : null);
    }

    private static <T> List<T> items(List<Line<T>> page) {
        List<T> items = new ArrayList<>();
        for (Line<T> line : page) {
            T item = line.item();
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }

    private static <T> List<String> prefixes(List<Line<T>> page) {
        return page.stream().filter(line -> line.item() == null).map(Line::text).toList();
    }

    static VersionListPage listVersions(NamespaceModel model, VersionListQuery query) {
        List<Line<VersionListPage.ListedVersion>> lines = new ArrayList<>();
        Map<String, Line<VersionListPage.ListedVersion>> prefixes = new LinkedHashMap<>();
        ModelBucket bucket = model.buckets.get(query.bucketId());
        if (bucket != null) {
            for (String key : bucket.keys.keySet()) {
                String common = commonPrefix(key, query.prefix(), query.delimiter());
                if (!key.startsWith(query.prefix())) {
                    continue;
                }
                for (var version : bucket.versions(key).reversed()) {
                    if (isAfter(version.shown, bucket, common, query)) {
                        boolean latest = version == bucket.latest(key);
                        var listed = new VersionListPage.ListedVersion(version.shown, latest);
                        add(prefixes, lines, common, listed, key);
                    }
                }
            }
        }
        boolean more = query.limit() > 0 && lines.size() > query.limit();
        var page = lines.subList(0, Math.min(query.limit(), lines.size()));
        if (!more) {
            return new VersionListPage(items(page), prefixes(page), null, null);
        }
        var last = page.getLast().item();
        return new VersionListPage(
                items(page),
                prefixes(page),
                page.getLast().text(),
                last == null ? null : last.version().versionId());
    }

    private static boolean isAfter(
            ObjectVersion version,
            ModelBucket bucket,
            @Nullable String common,
            VersionListQuery query) {
        String marker = query.keyMarker();
        VersionId versionMarker = query.versionMarker();
        if (marker == null || versionMarker == null) {
            return isAfter(version.key(), common, marker);
        }
        int order = BY_BYTES.compare(version.key(), marker);
        if (order != 0) {
            return order > 0;
        }
        long position = versionMarker.position();
        if (versionMarker.isNull()) {
            position =
                    bucket.versions(marker).stream()
                            .filter(v -> v.shown.nullVersion())
                            .mapToLong(v -> v.shown.position())
                            .findAny()
                            .orElse(Long.MAX_VALUE);
        }
        return version.position() < position;
    }

    static UploadListPage uploads(NamespaceModel model, UploadListQuery query) {
        List<Line<Upload>> lines = new ArrayList<>();
        Map<String, Line<Upload>> prefixes = new LinkedHashMap<>();
        ModelBucket bucket = model.buckets.get(query.bucketId());
        if (bucket != null) {
            List<Upload> uploads =
                    bucket.uploads.values().stream()
                            .map(u -> u.shown)
                            .sorted(
                                    Comparator.comparing(Upload::key, BY_BYTES)
                                            .thenComparing(Upload::id))
                            .toList();
            for (Upload upload : uploads) {
                String common = commonPrefix(upload.key(), query.prefix(), query.delimiter());
                if (upload.key().startsWith(query.prefix()) && isAfter(upload, common, query)) {
                    add(prefixes, lines, common, upload, upload.key());
                }
            }
        }
        boolean more = query.limit() > 0 && lines.size() > query.limit();
        var page = lines.subList(0, Math.min(query.limit(), lines.size()));
        if (!more) {
            return new UploadListPage(items(page), prefixes(page), null, 0);
        }
        Upload last = page.getLast().item();
        return new UploadListPage(
                items(page), prefixes(page), page.getLast().text(), last == null ? 0 : last.id());
    }

    private static boolean isAfter(Upload upload, @Nullable String common, UploadListQuery query) {
        String marker = query.keyMarker();
        if (marker == null || query.uploadMarker() == 0) {
            return isAfter(upload.key(), common, marker);
        }
        int order = BY_BYTES.compare(upload.key(), marker);
        return order > 0 || (order == 0 && upload.id() > query.uploadMarker());
    }
}
