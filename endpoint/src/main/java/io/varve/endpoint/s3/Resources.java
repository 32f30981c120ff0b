package io.varve.endpoint.s3;

import io.varve.endpoint.access.AccessList;
import io.varve.endpoint.access.Grant;
import io.varve.endpoint.large.LargeObjects;
import io.varve.endpoint.link.Links;
import io.varve.endpoint.store.AsOf;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.StorageClasses;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Refusal;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds what requests are about, as of now, with S3's error for what is not there or not the
 * caller's. Safe for use by many threads.
 */
final class Resources {
    private final ObjectStore store;
    private final LargeObjects large;
    private final Links links;
    private final Access access;

    Resources(ObjectStore store) {
        this.store = store;
        this.large = new LargeObjects(store);
        this.links = new Links(store);
        this.access = new Access(store);
    }

    Access access() {
        return access;
    }

    /** The bucket of the request, with which or in which the caller may do what they ask for. */
    Bucket bucket(S3Call call) {
        Bucket bucket = anyBucket(call);
        access.require(call, bucket, () -> requestedObject(call, bucket));
        return bucket;
    }

    /** The bucket of the request, where what the caller may do is asked later. */
    Bucket anyBucket(S3Call call) {
        return named(call, call.bucketName(), call.header("x-amz-expected-bucket-owner"));
    }

    /** A bucket by name that belongs to whom the caller expects. */
    private Bucket named(S3Call call, String name, @Nullable String expectedOwner) {
        Bucket bucket =
                store.view()
                        .bucket(BucketNames.storedName(store.names(), call.account(), name))
                        .orElseThrow(
                                () -> S3Error.NO_SUCH_BUCKET.refusal().with("BucketName", name));
        if (expectedOwner != null && !expectedOwner.equals(bucket.owner())) {
            throw S3Error.ACCESS_DENIED.refusal();
        }
        return bucket;
    }

    private Optional<ObjectVersion> requestedObject(S3Call call, Bucket bucket) {
        return call.key().isEmpty()
                ? Optional.empty()
                : find(bucket, call.key(), requestedVersion(call));
    }

    /** The source of a copy: what was found where the caller may read it, now or in the past. */
    ObjectCopies.Found source(S3Call call, CopySource source) {
        BucketAtTime named = BucketAtTime.of(source.bucket());
        AsOf asOf = named.asOf();
        if (asOf == null) {
            return sourceHere(call, source);
        }
        return new Resources(PastOperations.storeAt(store, asOf, call, named.name()))
                .sourceHere(call, new CopySource(named.name(), source.key(), source.version()));
    }

    private ObjectCopies.Found sourceHere(S3Call call, CopySource source) {
        Bucket bucket =
                named(call, source.bucket(), call.header("x-amz-source-expected-bucket-owner"));
        Optional<ObjectVersion> found = find(bucket, source.key(), source.version());
        Right right = Right.getObject(source.version() != null);
        access.requireRead(call, bucket, right, source.key(), source.version(), () -> found);
        ObjectVersion object =
                found.orElseThrow(
                        () -> missingFor(call, bucket, missing(source.key(), source.version())));
        return new ObjectCopies.Found(bucket, shown(call, bucket, object));
    }

    /** Who may not list is not told that something is missing. */
    private S3Refusal missingFor(S3Call call, Bucket bucket, S3Refusal missing) {
        return access.mayList(call, bucket) ? missing : S3Error.ACCESS_DENIED.refusal();
    }

    /**
     * What a put, a copy or a new upload asks for besides the object: to set its access list and
     * its tags.
     *
     * @return the settings that the object gets
     */
    SortedMap<String, String> requestedSettings(S3Call call, Bucket bucket) {
        SortedMap<String, String> settings = new TreeMap<>();
        List<Grant> grants = Grants.ofHeaders(call, bucket.owner());
        if (grants != null && !grants.isEmpty()) {
            access.require(call, bucket, Right.PUT_OBJECT_ACL, call.key(), Optional::empty);
            AccessControl.requireAllowed(bucket, grants);
            settings.put(AccessList.SETTING, AccessList.ofGrants(grants).encode());
        }
        Map<String, String> tags = Tags.ofHeader(call);
        if (!tags.isEmpty()) {
            access.require(call, bucket, Right.PUT_OBJECT_TAGGING, call.key(), Optional::empty);
            settings.put(Tags.SETTING, Tags.encode(tags));
        }
        requestedClass(call, bucket)
                .ifPresent(name -> settings.put(Attributes.STORAGE_CLASS, name));
        return settings;
    }

    /** The site's name of the class that a request names, if that makes a difference. */
    private Optional<String> requestedClass(S3Call call, Bucket bucket) {
        String wanted = call.header("x-amz-storage-class");
        if (wanted == null) {
            return Optional.empty();
        }
        StorageClasses classes = store.storageClasses();
        boolean known = classes.pool(wanted).isPresent();
        if (!known && !wanted.equals(ObjectHeaders.STANDARD)) {
            throw S3Error.INVALID_STORAGE_CLASS.refusal().with("StorageClassRequested", wanted);
        }
        String name = known ? wanted : classes.standard();
        boolean usual =
                name.equals(classes.standard())
                        && !bucket.settings().containsKey(Attributes.STORAGE_CLASS);
        return usual ? Optional.empty() : Optional.of(name);
    }

    /** The version a {@code versionId} parameter names; null when there is no such parameter. */
    static @Nullable VersionId requestedVersion(S3Call call) {
        String wireId = call.query().first("versionId");
        if (wireId == null) {
            return null;
        }
        if (wireId.isEmpty()) {
            throw S3Refusal.invalidArgument(
                    "Version id cannot be the empty string", "versionId", "");
        }
        return WireIds.version(wireId);
    }

    /** What a read of this key and version finds, a delete marker included. */
    Optional<ObjectVersion> find(Bucket bucket, String key, @Nullable VersionId version) {
        return version == null
                ? store.view().latest(bucket.id(), key)
                : store.view().version(bucket.id(), key, version);
    }

    /** The object that a GET or HEAD of the request's key and version reads. */
    ObjectVersion readable(S3Call call, Bucket bucket) {
        VersionId requested = requestedVersion(call);
        ObjectVersion found =
                find(bucket, call.key(), requested)
                        .orElseThrow(
                                () -> missingFor(call, bucket, missing(call.key(), requested)));
        if (!found.deleteMarker()) {
            return found;
        }
        if (requested == null && !access.mayList(call, bucket)) {
            throw S3Error.ACCESS_DENIED.refusal();
        }
        if (requested == null) {
            throw noSuchKey(call.key())
                    .header("x-amz-delete-marker", "true")
                    .header("x-amz-version-id", WireIds.ofVersion(found.versionId()));
        }
        throw S3Error.METHOD_NOT_ALLOWED
                .refusal()
                .with("Method", call.request().method())
                .with("ResourceType", "DeleteMarker")
                .header("Allow", "DELETE")
                .header("Last-Modified", Timestamps.http(found.createdMicros()))
                .header("x-amz-delete-marker", "true")
                .header("x-amz-version-id", WireIds.ofVersion(found.versionId()));
    }

    /**
     * What a reader sees of a version: what it leads to, when it is a link. That, and what it is
     * made of, they must be allowed to read, too, object by object: no link and no manifest opens
     * what its reader could not open.
     */
    ShownObject shown(S3Call call, Bucket of, ObjectVersion named) {
        ObjectVersion version =
                links.follow(
                                of,
                                named,
                                (bucket, key, object) ->
                                        access.allows(
                                                call,
                                                bucket,
                                                Right.getObject(false),
                                                key,
                                                () -> object))
                        .object();
        return new ShownObject(
                named,
                version,
                large.whole(
                        version,
                        (bucket, segment) ->
                                access.allows(
                                        call,
                                        bucket,
                                        Right.getObject(false),
                                        segment.key(),
                                        () -> Optional.of(segment))));
    }

    static S3Refusal missing(String key, @Nullable VersionId requested) {
        return requested == null
                ? noSuchKey(key)
                : S3Error.NO_SUCH_VERSION
                        .refusal()
                        .with("Key", key)
                        .with("VersionId", WireIds.ofVersion(requested));
    }

    static S3Refusal noSuchKey(String key) {
        return S3Error.NO_SUCH_KEY.refusal().with("Key", key);
    }

    static S3Refusal noSuchUpload(String uploadId) {
        return S3Error.NO_SUCH_UPLOAD.refusal().with("UploadId", uploadId);
    }

    /** Whether answers about this bucket's objects name their versions. */
    static boolean showsVersions(Bucket bucket) {
        return bucket.versioning() != Versioning.OFF;
    }

    /** S3's error for what the namespace refused. */
    static S3Refusal refusal(Refusal reason, S3Call call) {
        return switch (reason) {
            case BUCKET_EXISTS ->
                    S3Error.BUCKET_ALREADY_EXISTS.refusal().with("BucketName", call.bucketName());
            case BUCKET_OWNED_BY_CALLER ->
                    S3Error.BUCKET_ALREADY_OWNED_BY_YOU
                            .refusal()
                            .with("BucketName", call.bucketName());
            case NO_SUCH_BUCKET ->
                    S3Error.NO_SUCH_BUCKET.refusal().with("BucketName", call.bucketName());
            case BUCKET_NOT_EMPTY ->
                    S3Error.BUCKET_NOT_EMPTY.refusal().with("BucketName", call.bucketName());
            case BUCKET_HAS_SNAPSHOTS ->
                    S3Error.BUCKET_NOT_EMPTY
                            .refusal("The bucket you tried to delete has snapshots")
                            .with("BucketName", call.bucketName());
            case SNAPSHOT_EXISTS ->
                    S3Error.OPERATION_ABORTED.refusal("The bucket has a snapshot of that name.");
            case NO_SUCH_SNAPSHOT ->
                    S3Error.NO_SUCH_KEY.refusal("The bucket has no snapshot of that name.");
            case TOO_MANY_SNAPSHOTS ->
                    S3Error.INVALID_REQUEST.refusal("The bucket has too many snapshots.");
            case NO_SUCH_KEY -> noSuchKey(call.key());
            case NO_SUCH_VERSION -> S3Error.NO_SUCH_VERSION.refusal().with("Key", call.key());
            case PRECONDITION_FAILED -> S3Error.PRECONDITION_FAILED.refusal();
            case NO_SUCH_UPLOAD -> noSuchUpload(call.query().firstOrEmpty("uploadId"));
            case INVALID_PART -> S3Error.INVALID_PART.refusal();
            case INVALID_PART_ORDER -> S3Error.INVALID_PART_ORDER.refusal();
            case PART_TOO_SMALL -> S3Error.ENTITY_TOO_SMALL.refusal();
            case SOURCE_GONE -> S3Error.CONDITIONAL_REQUEST_CONFLICT.refusal();
            case REPEATED_REQUEST -> S3Error.INTERNAL_ERROR.refusal();
            case REVISED -> S3Error.OPERATION_ABORTED.refusal();
            case QUOTA_EXCEEDED -> S3Error.QUOTA_EXCEEDED.refusal();
            case STORAGE_CLASS_CLOSED -> S3Error.INVALID_STORAGE_CLASS.refusal();
            case SETTINGS_TOO_LARGE ->
                    S3Error.INVALID_REQUEST.refusal("The settings of the bucket are too large.");
            case NO_SUCH_ARCHIVE ->
                    S3Error.INVALID_REQUEST.refusal(
                            "The bucket to which older versions move is not there.");
            case INVALID_VERSIONING -> S3Error.ILLEGAL_VERSIONING_CONFIGURATION.refusal();
        };
    }
}
