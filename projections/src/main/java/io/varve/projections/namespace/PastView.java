package io.varve.projections.namespace;

import io.varve.journal.record.Manifest;
import io.varve.journal.record.VersionId;
import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;
import io.varve.projections.ViewSnapshot;
import io.varve.projections.ViewStore;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The namespace at a moment. Each question asks first whether the window is still open over the
 * moment, or a snapshot holds it, in the state that it then reads.
 */
record PastView(ViewStore store, NamespaceView now, Moment moment, long snapshotOf)
        implements NamespaceView {
    /** No bucket has this id. */
    static final long NO_BUCKET = 0;

    private <T> T read(Function<ViewSnapshot, T> question) {
        try (ViewSnapshot snapshot = store.snapshot()) {
            requireOpen(snapshot, moment, snapshotOf);
            return question.apply(snapshot);
        }
    }

    /**
     * @param bucketId whose snapshots count beside the window
     */
    private static void requireOpen(ViewReader rows, Moment moment, long bucketId) {
        TimeReader times = new TimeReader(rows);
        long closed = WindowRow.read(rows).closedPosition();
        if (moment.position() < closed && !isHeld(rows, moment, bucketId)) {
            throw new MomentException(MomentException.Reason.FORGOTTEN, times.of(closed));
        }
        Moment last = times.last();
        if (moment.position() > last.position()) {
            throw new MomentException(MomentException.Reason.FUTURE, last);
        }
    }

    private static boolean isHeld(ViewReader rows, Moment moment, long bucketId) {
        return bucketId != NO_BUCKET
                && SnapshotTable.of(rows, bucketId).stream()
                        .anyMatch(held -> held.moment().position() == moment.position());
    }

    @Override
    public long appliedPosition() {
        return moment.position();
    }

    @Override
    public Moment momentAt(long micros) {
        return now.momentAt(micros);
    }

    @Override
    public Moment momentOf(long position) {
        return now.momentOf(position);
    }

    @Override
    public NamespaceView at(Moment other) {
        return now.at(other);
    }

    @Override
    public NamespaceView at(Snapshot snapshot) {
        return now.at(snapshot);
    }

    @Override
    public List<Snapshot> snapshots(long bucketId) {
        return now.snapshots(bucketId);
    }

    @Override
    public Optional<Snapshot> snapshot(long bucketId, String name) {
        return now.snapshot(bucketId, name);
    }

    @Override
    public DiffPage diff(DiffQuery query) {
        return read(
                rows -> {
                    requireOpen(rows, query.from().moment(), query.from().bucketId());
                    requireOpen(rows, query.to().moment(), query.to().bucketId());
                    return PastDiff.page(rows, query);
                });
    }

    @Override
    public Optional<Bucket> bucket(String storedName) {
        return read(rows -> Optional.ofNullable(named(rows, storedName)));
    }

    private @Nullable Bucket named(ViewReader rows, String storedName) {
        byte[] name = NamespaceKeys.utf8(storedName);
        byte[] value = rows.get(NamespaceKeys.name(name));
        Bucket bucket = value == null ? null : there(rows, new RowReader(value).fixed64());
        if (bucket != null) {
            return bucket;
        }
        byte[] all = NamespaceKeys.namesRemoved(name);
        byte[] from = NamespaceKeys.nameRemoved(name, moment.position());
        try (ViewCursor cursor = rows.scan(from, KeyOrder.afterPrefix(all))) {
            return cursor.valid() ? there(rows, ~NamespaceKeys.lastId(cursor.key())) : null;
        }
    }

    /** The bucket, if it was there at the moment. */
    private @Nullable Bucket there(ViewReader rows, long bucketId) {
        if (bucketId > moment.position()) {
            return null;
        }
        BucketRow row = BucketRow.read(rows, bucketId);
        if (row != null) {
            return row.bucket();
        }
        BucketRow.Removed removed = BucketRow.Removed.read(rows, bucketId);
        return removed != null && removed.removedPosition() > moment.position()
                ? removed.row().bucket()
                : null;
    }

    @Override
    public Optional<Bucket> bucket(long bucketId) {
        return read(rows -> Optional.ofNullable(there(rows, bucketId)));
    }

    /** Reads all names with the prefix, those of removed buckets too. */
    @Override
    public List<Bucket> buckets(
            @Nullable String owner, String prefix, @Nullable String after, int limit) {
        return read(
                rows -> {
                    NavigableMap<byte[], Bucket> found = named(rows, owner, prefix);
                    return found
                            .tailMap(after == null ? new byte[0] : NamespaceKeys.utf8(after), false)
                            .values()
                            .stream()
                            .limit(limit)
                            .toList();
                });
    }

    @Override
    public List<Bucket> bucketsBack(
            @Nullable String owner, String prefix, @Nullable String before, int limit) {
        return read(
                rows -> {
                    NavigableMap<byte[], Bucket> found = named(rows, owner, prefix);
                    NavigableMap<byte[], Bucket> asked =
                            before == null
                                    ? found
                                    : found.headMap(NamespaceKeys.utf8(before), false);
                    return asked.descendingMap().values().stream().limit(limit).toList();
                });
    }

    /** By name, in the order of names. */
    private NavigableMap<byte[], Bucket> named(
            ViewReader rows, @Nullable String owner, String prefix) {
        NavigableMap<byte[], Bucket> found = new TreeMap<>(KeyOrder.BYTES);
        List<Long> ids = new ArrayList<>();
        byte[] start = owner == null ? NamespaceKeys.utf8(prefix) : new byte[0];
        collect(rows, NamespaceKeys.name(start), ids, true);
        collect(rows, NamespaceKeys.namesRemovedFrom(start), ids, false);
        for (long id : ids) {
            Bucket bucket = there(rows, id);
            if (bucket != null && isAsked(bucket, owner, prefix)) {
                found.put(NamespaceKeys.utf8(nameFor(bucket, owner)), bucket);
            }
        }
        return found;
    }

    private static void collect(ViewReader rows, byte[] prefix, List<Long> ids, boolean live) {
        try (ViewCursor cursor = rows.scan(prefix, KeyOrder.afterPrefix(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                ids.add(
                        live
                                ? new RowReader(cursor.value()).fixed64()
                                : ~NamespaceKeys.lastId(cursor.key()));
            }
        }
    }

    private static String nameFor(Bucket bucket, @Nullable String owner) {
        return owner == null ? bucket.storedName() : bucket.name();
    }

    private static boolean isAsked(Bucket bucket, @Nullable String owner, String prefix) {
        return (owner == null || owner.equals(bucket.owner()))
                && nameFor(bucket, owner).startsWith(prefix);
    }

    @Override
    public Account account(String name) {
        return now.account(name);
    }

    private boolean isLive(@Nullable VersionRow row) {
        return Expiry.isLive(row, moment.micros());
    }

    @Override
    public Optional<ObjectVersion> latest(long bucketId, String key) {
        return read(
                rows -> {
                    KeyRows stored = new StoredKeyRows(rows, bucketId, NamespaceKeys.utf8(key));
                    VersionRow row = PastRule.current(stored, moment.position());
                    return row == null || !isLive(row)
                            ? Optional.empty()
                            : Optional.of(row.toVersion(bucketId, key));
                });
    }

    @Override
    public Optional<ObjectVersion> version(long bucketId, String key, VersionId version) {
        return read(
                rows -> {
                    KeyRows stored = new StoredKeyRows(rows, bucketId, NamespaceKeys.utf8(key));
                    VersionRow row =
                            version.isNull()
                                    ? PastRule.nullVersion(stored, moment.position())
                                    : PastRule.at(stored, version.position(), moment.position());
                    if (row == null || row.nullVersion() != version.isNull()) {
                        return Optional.empty();
                    }
                    return row.nullVersion() && !isLive(row)
                            ? Optional.empty()
                            : Optional.of(row.toVersion(bucketId, key));
                });
    }

    @Override
    public ListPage list(ListQuery query) {
        return read(rows -> PastLister.list(rows, query, moment));
    }

    @Override
    public ListPage listBack(ListQuery query) {
        return read(rows -> PastBackLister.list(rows, query, moment));
    }

    @Override
    public VersionListPage listVersions(VersionListQuery query) {
        throw new UnsupportedOperationException("versions of the past are not listed");
    }

    @Override
    public Optional<Manifest> manifest(ObjectVersion version) {
        return now.manifest(version);
    }

    @Override
    public List<Part> parts(ObjectVersion version) {
        return now.parts(version);
    }

    @Override
    public Optional<Manifest> part(ObjectVersion version, int partNumber) {
        return now.part(version, partNumber);
    }

    @Override
    public Optional<Upload> upload(long bucketId, String key, long uploadId) {
        return Optional.empty();
    }

    @Override
    public List<Part> uploadParts(Upload upload, int afterPartNumber, int limit) {
        return List.of();
    }

    @Override
    public UploadListPage uploads(UploadListQuery query) {
        return new UploadListPage(List.of(), List.of(), null, 0);
    }

    @Override
    public Optional<ObjectVersion> completed(long bucketId, String key, long uploadId) {
        return Optional.empty();
    }

    @Override
    public OptionalLong oldestHistoryMicros() {
        return OptionalLong.empty();
    }

    @Override
    public List<ReleasedBlobs> released(long throughPosition, int limit) {
        return List.of();
    }

    @Override
    public List<ExpiringVersion> expired(long throughSeconds, int limit) {
        return List.of();
    }
}
