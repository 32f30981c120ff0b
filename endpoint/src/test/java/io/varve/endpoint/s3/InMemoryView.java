package io.varve.endpoint.s3;

import io.varve.endpoint.s3.InMemoryBucket.OpenUpload;
import io.varve.endpoint.s3.InMemoryBucket.PartRow;
import io.varve.endpoint.s3.InMemoryBucket.Row;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.VersionId;
import io.varve.projections.namespace.Account;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ListPage;
import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Part;
import io.varve.projections.namespace.Upload;
import io.varve.projections.namespace.UploadListPage;
import io.varve.projections.namespace.UploadListQuery;
import io.varve.projections.namespace.VersionListPage;
import io.varve.projections.namespace.VersionListPage.ListedVersion;
import io.varve.projections.namespace.VersionListQuery;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The questions to {@link InMemoryStore}. */
final class InMemoryView implements NamespaceView {
    private final InMemoryStore store;

    InMemoryView(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public long appliedPosition() {
        return store.position();
    }

    @Override
    public Optional<Bucket> bucket(String name) {
        synchronized (store) {
            return Optional.ofNullable(store.buckets().get(name)).map(InMemoryBucket::image);
        }
    }

    @Override
    public Optional<Bucket> bucket(long bucketId) {
        synchronized (store) {
            return store.find(bucketId).map(InMemoryBucket::image);
        }
    }

    @Override
    public List<Bucket> buckets(
            @Nullable String owner, String prefix, @Nullable String after, int limit) {
        synchronized (store) {
            return store.buckets().values().stream()
                    .filter(b -> owner == null || b.owner.equals(owner))
                    .filter(b -> b.name.startsWith(prefix))
                    .filter(b -> after == null || Utf8Order.KEYS.compare(b.name, after) > 0)
                    .limit(limit)
                    .map(InMemoryBucket::image)
                    .toList();
        }
    }

    @Override
    public List<Bucket> bucketsBack(
            @Nullable String owner, String prefix, @Nullable String before, int limit) {
        throw new UnsupportedOperationException("S3 lists forward");
    }

    @Override
    public Account account(String name) {
        synchronized (store) {
            List<Bucket> owned = buckets(name, "", null, Integer.MAX_VALUE);
            return new Account(
                    name,
                    store.accountSettings(name),
                    owned.size(),
                    owned.stream().mapToLong(Bucket::objectCount).sum(),
                    owned.stream().mapToLong(Bucket::sizeBytes).sum());
        }
    }

    @Override
    public List<ExpiringVersion> expired(long throughSeconds, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ObjectVersion> latest(long bucketId, String key) {
        synchronized (store) {
            return store.find(bucketId).flatMap(b -> b.latest(key)).map(Row::version);
        }
    }

    @Override
    public Optional<ObjectVersion> version(long bucketId, String key, VersionId version) {
        synchronized (store) {
            return store.find(bucketId).flatMap(b -> b.version(key, version)).map(Row::version);
        }
    }

    /** One thing on a page: an entry, or the prefix that several entries have in common. */
    private record Entry<T>(String name, @Nullable T item) {}

    /** The rolled-up entries of a key order, one page of them and one more. */
    private static <T> List<Entry<T>> rolledUp(
            List<Entry<T>> items, String prefix, String delimiter, @Nullable String after) {
        List<Entry<T>> entries = new ArrayList<>();
        for (Entry<T> item : items) {
            String key = item.name();
            if (!key.startsWith(prefix)) {
                continue;
            }
            int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            String common = end < 0 ? null : key.substring(0, end + delimiter.length());
            boolean passed =
                    after != null
                            && (Utf8Order.KEYS.compare(key, after) <= 0
                                    || (common != null && common.equals(after)));
            if (passed) {
                continue;
            }
            if (common == null) {
                entries.add(item);
            } else if (entries.isEmpty() || !entries.getLast().name().equals(common)) {
                entries.add(new Entry<>(common, null));
            }
        }
        return entries;
    }

    private static <T> List<String> prefixes(List<Entry<T>> page) {
        return page.stream().filter(e -> e.item() == null).map(Entry::name).toList();
    }

    @Override
    public ListPage listBack(ListQuery query) {
        throw new UnsupportedOperationException("nobody lists backwards here");
    }

    @Override
    public ListPage list(ListQuery query) {
        synchronized (store) {
            List<Entry<ObjectVersion>> items = new ArrayList<>();
            InMemoryBucket bucket = store.find(query.bucketId()).orElseThrow();
            for (String key : bucket.keys.keySet()) {
                bucket.current(key)
                        .map(Row::version)
                        .ifPresent(version -> items.add(new Entry<>(key, version)));
            }
            var all = rolledUp(items, query.prefix(), query.delimiter(), query.after());
            var page = all.subList(0, Math.min(query.limit(), all.size()));
            boolean more = query.limit() > 0 && all.size() > page.size();
            List<ObjectVersion> objects = new ArrayList<>();
            page.forEach(
                    entry -> {
                        if (entry.item() != null) {
                            objects.add(entry.item());
                        }
                    });
            return new ListPage(objects, prefixes(page), more ? page.getLast().name() : null);
        }
    }

    @Override
    public VersionListPage listVersions(VersionListQuery query) {
        synchronized (store) {
            List<Entry<ListedVersion>> items = new ArrayList<>();
            String marker = query.keyMarker();
            VersionId versionMarker = query.versionMarker();
            InMemoryBucket bucket = store.find(query.bucketId()).orElseThrow();
            bucket.keys.forEach(
                    (key, rows) -> {
                        boolean within = key.equals(marker) && versionMarker != null;
                        boolean passed = !within;
                        for (Row row : rows) {
                            if (passed) {
                                items.add(
                                        new Entry<>(
                                                key,
                                                new ListedVersion(
                                                        row.version(),
                                                        row.equals(rows.getFirst()))));
                            }
                            passed |= row.version().versionId().equals(versionMarker);
                        }
                    });
            var all =
                    rolledUp(
                            items.stream()
                                    .filter(
                                            e ->
                                                    marker == null
                                                            || Utf8Order.KEYS.compare(
                                                                            e.name(), marker)
                                                                    > 0
                                                            || (versionMarker != null
                                                                    && e.name().equals(marker)))
                                    .toList(),
                            query.prefix(),
                            query.delimiter(),
                            null);
            List<Entry<ListedVersion>> after =
                    all.stream().filter(e -> e.item() != null || !e.name().equals(marker)).toList();
            var page = after.subList(0, Math.min(query.limit(), after.size()));
            boolean more = query.limit() > 0 && after.size() > page.size();
            List<ListedVersion> versions = new ArrayList<>();
            page.forEach(
                    entry -> {
                        if (entry.item() != null) {
                            versions.add(entry.item());
                        }
                    });
            Entry<ListedVersion> last = page.isEmpty() ? null : page.getLast();
            return new VersionListPage(
                    versions,
                    prefixes(page),
                    more && last != null ? last.name() : null,
                    more && last != null && last.item() != null
                            ? last.item().version().versionId()
                            : null);
        }
    }

    @Override
    public Optional<Manifest> manifest(ObjectVersion version) {
        throw new UnsupportedOperationException("the front end does not ask for blobs");
    }

    @Override
    public List<Part> parts(ObjectVersion version) {
        synchronized (store) {
            return store.find(version.bucketId())
                    .flatMap(b -> b.madeAt(version.key(), version.position()))
                    .map(Row::parts)
                    .orElse(List.of());
        }
    }

    @Override
    public Optional<Manifest> part(ObjectVersion version, int partNumber) {
        throw new UnsupportedOperationException("the front end does not ask for blobs");
    }

    @Override
    public Optional<Upload> upload(long bucketId, String key, long uploadId) {
        synchronized (store) {
            return store.find(bucketId)
                    .flatMap(b -> InMemoryStore.open(b, key, uploadId))
                    .map(OpenUpload::upload);
        }
    }

    @Override
    public List<Part> uploadParts(Upload upload, int afterPartNumber, int limit) {
        synchronized (store) {
            return store.find(upload.bucketId())
                    .flatMap(b -> InMemoryStore.open(b, upload.key(), upload.id()))
                    .map(
                            open ->
                                    open.parts().tailMap(afterPartNumber, false).values().stream()
                                            .map(PartRow::part)
                                            .limit(limit)
                                            .toList())
                    .orElse(List.of());
        }
    }

    @Override
    public UploadListPage uploads(UploadListQuery query) {
        synchronized (store) {
            String marker = query.keyMarker();
            List<Entry<Upload>> items =
                    store.find(query.bucketId()).orElseThrow().uploads.values().stream()
                            .map(OpenUpload::upload)
                            .sorted(
                                    Comparator.comparing(Upload::key, Utf8Order.KEYS)
                                            .thenComparing(Upload::id))
                            .filter(
                                    u ->
                                            marker == null
                                                    || Utf8Order.KEYS.compare(u.key(), marker) > 0
                                                    || (u.key().equals(marker)
                                                            && query.uploadMarker() != 0
                                                            && u.id() > query.uploadMarker()))
                            .map(u -> new Entry<>(u.key(), u))
                            .toList();
            List<Entry<Upload>> all =
                    rolledUp(items, query.prefix(), query.delimiter(), null).stream()
                            .filter(e -> e.item() != null || !e.name().equals(marker))
                            .toList();
            var page = all.subList(0, Math.min(query.limit(), all.size()));
            boolean more = query.limit() > 0 && all.size() > page.size();
            List<Upload> uploads = new ArrayList<>();
            page.forEach(
                    entry -> {
                        if (entry.item() != null) {
                            uploads.add(entry.item());
                        }
                    });
            Entry<Upload> last = page.isEmpty() ? null : page.getLast();
            return new UploadListPage(
                    uploads,
                    prefixes(page),
                    more && last != null ? last.name() : null,
                    more && last != null && last.item() != null ? last.item().id() : 0);
        }
    }

    @Override
    public Optional<ObjectVersion> completed(long bucketId, String key, long uploadId) {
        synchronized (store) {
            return store.find(bucketId)
                    .map(b -> b.completed.get(uploadId))
                    .filter(version -> version.key().equals(key));
        }
    }

    @Override
    public OptionalLong oldestHistoryMicros() {
        return OptionalLong.empty();
    }

    @Override
    public List<ReleasedBlobs> released(long throughPosition, int limit) {
        return List.of();
    }
}
