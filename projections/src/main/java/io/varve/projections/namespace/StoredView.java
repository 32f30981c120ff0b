package io.varve.projections.namespace;

import io.varve.journal.record.Manifest;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;
import io.varve.projections.ViewSnapshot;
import io.varve.projections.ViewStore;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Answers from the rows that the fold has written. A call that reads once reads the store as it is;
 * one that reads more often takes a snapshot. Reading a live key costs one row.
 */
final class StoredView implements NamespaceView {
    private final ViewStore store;
    private final BucketCache buckets;
    private final LongSupplier applied;
    private final ContentCache contents = new ContentCache();
    private final PartsCache parts = new PartsCache();

    StoredView(ViewStore store, BucketCache buckets, LongSupplier applied) {
        this.store = store;
        this.buckets = buckets;
        this.applied = applied;
    }

    @Override
    public long appliedPosition() {
        return applied.getAsLong();
    }

    @Override
    public Moment momentAt(long micros) {
        try (ViewSnapshot snapshot = store.snapshot()) {
            return new TimeReader(snapshot).at(micros);
        }
    }

    @Override
    public Moment momentOf(long position) {
        try (ViewSnapshot snapshot = store.snapshot()) {
            TimeReader times = new TimeReader(snapshot);
            Moment last = times.last();
            if (position > last.position()) {
                throw new MomentException(MomentException.Reason.FUTURE, last);
            }
            long closed = WindowRow.read(snapshot).closedPosition();
            if (position < closed) {
                throw new MomentException(MomentException.Reason.FORGOTTEN, times.of(closed));
            }
            return times.of(position);
        }
    }

    @Override
    public NamespaceView at(Moment moment) {
        return new PastView(store, this, moment, PastView.NO_BUCKET);
    }

    @Override
    public NamespaceView at(Snapshot snapshot) {
        return new PastView(store, this, snapshot.moment(), snapshot.bucketId());
    }

    @Override
    public List<Snapshot> snapshots(long bucketId) {
        try (ViewSnapshot rows = store.snapshot()) {
            return SnapshotTable.of(rows, bucketId);
        }
    }

    @Override
    public Optional<Snapshot> snapshot(long bucketId, String name) {
        return SnapshotTable.find(store, bucketId, name);
    }

    @Override
    public Optional<Bucket> bucket(String name) {
        return Optional.ofNullable(buckets.named(name));
    }

    @Override
    public Optional<Bucket> bucket(long bucketId) {
        return Optional.ofNullable(buckets.of(bucketId));
    }

    @Override
    public List<Bucket> buckets(
            @Nullable String owner, String prefix, @Nullable String after, int limit) {
        byte[] table = names(owner);
        byte[] from = NamespaceKeys.append(table, Rollup.of(prefix, "").start(after));
        try (ViewSnapshot snapshot = store.snapshot();
                ViewCursor cursor = snapshot.scan(from, afterNames(table, prefix))) {
            return buckets(snapshot, cursor, limit);
        }
    }

    @Override
    public List<Bucket> bucketsBack(
            @Nullable String owner, String prefix, @Nullable String before, int limit) {
        byte[] table = names(owner);
        byte[] from = NamespaceKeys.append(table, NamespaceKeys.utf8(prefix));
        byte[] all = afterNames(table, prefix);
        byte[] to = before == null ? all : NamespaceKeys.append(table, NamespaceKeys.utf8(before));
        if (all != null && to != null && KeyOrder.BYTES.compare(to, all) > 0) {
            to = all;
        }
        try (ViewSnapshot snapshot = store.snapshot();
                ViewCursor cursor = snapshot.scanBack(from, to)) {
            return buckets(snapshot, cursor, limit);
        }
    }

    private static byte[] names(@Nullable String owner) {
        return owner == null ? new byte[] {NamespaceKeys.NAME} : NamespaceKeys.owners(owner);
    }

    private static byte @Nullable [] afterNames(byte[] table, String prefix) {
        return KeyOrder.afterPrefix(NamespaceKeys.append(table, NamespaceKeys.utf8(prefix)));
    }

    private static List<Bucket> buckets(ViewSnapshot snapshot, ViewCursor cursor, int limit) {
        List<Bucket> page = new ArrayList<>();
        for (; cursor.valid() && page.size() < limit; cursor.next()) {
            long id = new RowReader(cursor.value()).fixed64();
            BucketRow row = BucketRow.read(snapshot, id);
            if (row == null) {
                throw new IllegalStateException("a name without bucket: id=" + id);
            }
            page.add(row.bucket());
        }
        return page;
    }

    @Override
    public Account account(String name) {
        return buckets.account(name);
    }

    @Override
    public Optional<ObjectVersion> latest(long bucketId, String key) {
        byte[] utf8 = NamespaceKeys.utf8(key);
        VersionRow current = new VersionReader(store).current(bucketId, utf8);
        return current != null
                ? found(current, bucketId, key)
                : latestOrMarker(bucketId, key, utf8);
    }

    /** No object when just asked: there may be a delete marker, or an object by now. */
    private Optional<ObjectVersion> latestOrMarker(long bucketId, String key, byte[] utf8) {
        try (ViewSnapshot snapshot = store.snapshot()) {
            VersionReader reader = new VersionReader(snapshot);
            VersionRow current = reader.current(bucketId, utf8);
            if (current != null) {
                return found(current, bucketId, key);
            }
            BucketRow bucket = BucketRow.read(snapshot, bucketId);
            if (bucket == null || bucket.bucket().versioning() == Versioning.OFF) {
                return Optional.empty();
            }
            VersionRow newest = reader.newestNoncurrent(bucketId, utf8);
            boolean hides = newest != null && newest.deleteMarker();
            return hides ? found(newest, bucketId, key) : Optional.empty();
        }
    }

    private Optional<ObjectVersion> found(@Nullable VersionRow row, long bucketId, String key) {
        if (row == null) {
            return Optional.empty();
        }
        contents.put(row);
        return Optional.of(row.toVersion(bucketId, key));
    }

    @Override
    public Optional<ObjectVersion> version(long bucketId, String key, VersionId version) {
        try (ViewSnapshot snapshot = store.snapshot()) {
            VersionRow row =
                    new VersionReader(snapshot).shown(bucketId, NamespaceKeys.utf8(key), version);
            return found(row, bucketId, key);
        }
    }

    @Override
    public ListPage list(ListQuery query) {
        return ObjectLister.list(store, query);
    }

    @Override
    public ListPage listBack(ListQuery query) {
        try (ViewSnapshot snapshot = store.snapshot()) {
            return ObjectLister.listBack(snapshot, query);
        }
    }

    @Override
    public VersionListPage listVersions(VersionListQuery query) {
        try (ViewSnapshot snapshot = store.snapshot()) {
            return VersionLister.list(snapshot, query);
        }
    }

    @Override
    public Optional<Manifest> manifest(ObjectVersion version) {
        if (version.deleteMarker() || version.sizeBytes() == 0) {
            return Optional.of(Manifest.EMPTY);
        }
        if (contents.get(version) instanceof Content.Inline inline) {
            return Optional.of(inline.manifest());
        }
        try (ViewSnapshot snapshot = store.snapshot()) {
            Content content = content(snapshot, version);
            return content == null
                    ? Optional.empty()
                    : Optional.ofNullable(new ContentReader(snapshot).manifest(content));
        }
    }

    private @Nullable Content content(ViewReader rows, ObjectVersion version) {
        Content known = contents.get(version);
        if (known != null) {
            return known;
        }
        byte[] key = NamespaceKeys.utf8(version.key());
        VersionRow row =
                new VersionReader(rows).madeAt(version.bucketId(), key, version.position());
        if (row == null) {
            return null;
        }
        contents.put(row);
        return row.content();
    }

    @Override
    public List<Part> parts(ObjectVersion version) {
        if (version.partCount() == 0) {
            return List.of();
        }
        return content(store, version) instanceof Content.Parts content
                ? parts.get(content.id(), () -> readParts(content.id()))
                : List.of();
    }

    private List<Part> readParts(long uploadId) {
        return toParts(new ContentReader(store).parts(uploadId, 0, Integer.MAX_VALUE));
    }

    private static List<Part> toParts(List<PartRow> rows) {
        return rows.stream().map(PartRow::toPart).toList();
    }

    @Override
    public Optional<Manifest> part(ObjectVersion version, int partNumber) {
        try (ViewSnapshot snapshot = store.snapshot()) {
            if (!(content(snapshot, version) instanceof Content.Parts parts)) {
                return Optional.empty();
            }
            ContentReader reader = new ContentReader(snapshot);
            PartRow part = reader.part(parts.id(), partNumber);
            return part == null
                    ? Optional.empty()
                    : Optional.ofNullable(reader.manifest(part.content()));
        }
    }

    @Override
    public Optional<Upload> upload(long bucketId, String key, long uploadId) {
        byte[] value = store.get(NamespaceKeys.upload(bucketId, NamespaceKeys.utf8(key), uploadId));
        return value == null
                ? Optional.empty()
                : Optional.of(UploadRow.decode(bucketId, key, uploadId, value));
    }

    @Override
    public List<Part> uploadParts(Upload upload, int afterPartNumber, int limit) {
        return toParts(new ContentReader(store).parts(upload.id(), afterPartNumber, limit));
    }

    @Override
    public UploadListPage uploads(UploadListQuery query) {
        return UploadLister.list(store, query);
    }

    @Override
    public Optional<ObjectVersion> completed(long bucketId, String key, long uploadId) {
        try (ViewSnapshot snapshot = store.snapshot()) {
            byte[] value = snapshot.get(NamespaceKeys.of(NamespaceKeys.COMPLETED, uploadId));
            if (value == null) {
                return Optional.empty();
            }
            UploadRow.Completed completed = UploadRow.Completed.decode(value);
            if (completed.bucketId() != bucketId || !completed.key().equals(key)) {
                return Optional.empty();
            }
            VersionRow row =
                    new VersionReader(snapshot)
                            .madeAt(bucketId, NamespaceKeys.utf8(key), completed.versionPosition());
            return found(row, bucketId, key);
        }
    }

    @Override
    public OptionalLong oldestHistoryMicros() {
        try (ViewSnapshot snapshot = store.snapshot()) {
            if (SnapshotTable.hasReview(snapshot)) {
                return OptionalLong.of(0);
            }
            long closed = WindowRow.read(snapshot).closedMicros();
            byte[] from = NamespaceKeys.of(NamespaceKeys.ENDED, closed);
            byte[] to = KeyOrder.afterPrefix(new byte[] {NamespaceKeys.ENDED});
            try (ViewCursor cursor = snapshot.scan(from, to)) {
                return cursor.valid()
                        ? OptionalLong.of(NamespaceKeys.firstId(cursor.key()))
                        : OptionalLong.empty();
            }
        }
    }

    @Override
    public List<ReleasedBlobs> released(long throughPosition, int limit) {
        try (ViewSnapshot snapshot = store.snapshot()) {
            long dropped = WindowRow.read(snapshot).droppedPosition();
            if (throughPosition <= dropped) {
                return List.of();
            }
            byte[] from = NamespaceKeys.of(NamespaceKeys.RELEASED, dropped + 1);
            byte[] to =
                    KeyOrder.afterPrefix(NamespaceKeys.of(NamespaceKeys.RELEASED, throughPosition));
            List<ReleasedBlobs> released = new ArrayList<>();
            try (ViewCursor cursor = snapshot.scan(from, to)) {
                for (; cursor.valid() && released.size() < limit; cursor.next()) {
                    long position = NamespaceKeys.firstId(cursor.key());
                    Manifest manifest = ContentReader.decodeChunk(cursor.value());
                    released.add(new ReleasedBlobs(position, manifest));
                }
            }
            return released;
        }
    }

    @Override
    public BlobReferences references() {
        return new StoredReferences(store.snapshot());
    }

    @Override
    public List<ExpiringVersion> expired(long throughSeconds, int limit) {
        byte[] from = {NamespaceKeys.EXPIRY};
        byte[] to = KeyOrder.afterPrefix(NamespaceKeys.of(NamespaceKeys.EXPIRY, throughSeconds));
        List<ExpiringVersion> expired = new ArrayList<>();
        try (ViewCursor cursor = store.scan(from, to)) {
            for (; cursor.valid() && expired.size() < limit; cursor.next()) {
                byte[] key = cursor.key();
                expired.add(
                        new ExpiringVersion(
                                NamespaceKeys.firstId(key),
                                NamespaceKeys.secondId(key),
                                NamespaceKeys.text(NamespaceKeys.expiring(key)),
                                NamespaceKeys.lastId(key)));
            }
        }
        return expired;
    }
}
