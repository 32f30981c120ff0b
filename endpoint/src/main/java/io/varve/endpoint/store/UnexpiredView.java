package io.varve.endpoint.store;

import io.varve.journal.record.Manifest;
import io.varve.journal.record.VersionId;
import io.varve.projections.namespace.Account;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ListPage;
import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.Moment;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Part;
import io.varve.projections.namespace.Snapshot;
import io.varve.projections.namespace.Upload;
import io.varve.projections.namespace.UploadListPage;
import io.varve.projections.namespace.UploadListQuery;
import io.varve.projections.namespace.VersionListPage;
import io.varve.projections.namespace.VersionListQuery;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The namespace as a reader at one time must see it: an object that has expired is absent, although
 * it is removed only some time later. A version is there under its id all the same. Lists of
 * versions and counts still have it until then.
 *
 * @param nowSeconds since the epoch
 */
record UnexpiredView(NamespaceView all, long nowSeconds) implements NamespaceView {

    @Override
    public Optional<ObjectVersion> latest(long bucketId, String key) {
        return all.latest(bucketId, key).filter(this::isLive);
    }

    @Override
    public Optional<ObjectVersion> version(long bucketId, String key, VersionId version) {
        return all.version(bucketId, key, version)
                .filter(found -> !found.nullVersion() || isLive(found));
    }

    private boolean isLive(ObjectVersion version) {
        return !version.expiredAt(nowSeconds);
    }

    @Override
    public ListPage list(ListQuery query) {
        return all.list(asOfNow(query));
    }

    @Override
    public ListPage listBack(ListQuery query) {
        return all.listBack(asOfNow(query));
    }

    private ListQuery asOfNow(ListQuery query) {
        return new ListQuery(
                query.bucketId(),
                query.prefix(),
                query.delimiter(),
                query.after(),
                query.limit(),
                nowSeconds);
    }

    @Override
    public Moment momentAt(long micros) {
        return all.momentAt(micros);
    }

    @Override
    public Moment momentOf(long position) {
        return all.momentOf(position);
    }

    /** What had expired by then is not there, and what has since then, is. */
    @Override
    public NamespaceView at(Moment moment) {
        return all.at(moment);
    }

    @Override
    public NamespaceView at(Snapshot snapshot) {
        return all.at(snapshot);
    }

    @Override
    public List<Snapshot> snapshots(long bucketId) {
        return all.snapshots(bucketId);
    }

    @Override
    public Optional<Snapshot> snapshot(long bucketId, String name) {
        return all.snapshot(bucketId, name);
    }

    @Override
    public long appliedPosition() {
        return all.appliedPosition();
    }

    @Override
    public Optional<Bucket> bucket(String name) {
        return all.bucket(name);
    }

    @Override
    public Optional<Bucket> bucket(long bucketId) {
        return all.bucket(bucketId);
    }

    @Override
    public List<Bucket> buckets(
            @Nullable String owner, String prefix, @Nullable String after, int limit) {
        return all.buckets(owner, prefix, after, limit);
    }

    @Override
    public List<Bucket> bucketsBack(
            @Nullable String owner, String prefix, @Nullable String before, int limit) {
        return all.bucketsBack(owner, prefix, before, limit);
    }

    @Override
    public Account account(String name) {
        return all.account(name);
    }

    @Override
    public VersionListPage listVersions(VersionListQuery query) {
        return all.listVersions(query);
    }

    @Override
    public Optional<Manifest> manifest(ObjectVersion version) {
        return all.manifest(version);
    }

    @Override
    public List<Part> parts(ObjectVersion version) {
        return all.parts(version);
    }

    @Override
    public Optional<Manifest> part(ObjectVersion version, int partNumber) {
        return all.part(version, partNumber);
    }

    @Override
    public Optional<Upload> upload(long bucketId, String key, long uploadId) {
        return all.upload(bucketId, key, uploadId);
    }

    @Override
    public List<Part> uploadParts(Upload upload, int afterPartNumber, int limit) {
        return all.uploadParts(upload, afterPartNumber, limit);
    }

    @Override
    public UploadListPage uploads(UploadListQuery query) {
        return all.uploads(query);
    }

    @Override
    public Optional<ObjectVersion> completed(long bucketId, String key, long uploadId) {
        return all.completed(bucketId, key, uploadId);
    }

    @Override
    public OptionalLong oldestHistoryMicros() {
        return all.oldestHistoryMicros();
    }

    @Override
    public List<ReleasedBlobs> released(long throughPosition, int limit) {
        return all.released(throughPosition, limit);
    }

    @Override
    public List<ExpiringVersion> expired(long throughSeconds, int limit) {
        return all.expired(throughSeconds, limit);
    }
}
