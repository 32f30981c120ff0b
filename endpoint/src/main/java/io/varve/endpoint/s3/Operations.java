package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;

import java.io.IOException;

/** Who answers which operation. Safe for use by many threads. */
final class Operations {
    private final BucketOperations buckets;
    private final AccessControl accessControl;
    private final BucketRules rules;
    private final Tagging tagging;
    private final CorsOperations cors;
    private final UnsetSettings unset;
    private final ObjectReads reads;
    private final ObjectAttributes attributes;
    private final ObjectWrites writes;
    private final ObjectCopies copies;
    private final DeleteObjects deletes;
    private final ObjectListings listings;
    private final VersionListings versionListings;
    private final MultipartUploads uploads;
    private final UploadParts parts;
    private final CompleteUpload completion;
    private final MultipartListings multipartListings;

    Operations(ObjectStore store, S3Config config) {
        Resources resources = new Resources(store);
        buckets = new BucketOperations(store, resources, config);
        Settings settings = new Settings(store, resources);
        accessControl = new AccessControl(resources, settings);
        rules = new BucketRules(resources, settings);
        tagging = new Tagging(resources, settings);
        cors = new CorsOperations(resources, settings);
        unset = new UnsetSettings(resources);
        reads = new ObjectReads(store, resources);
        attributes = new ObjectAttributes(store, resources);
        writes = new ObjectWrites(store, resources);
        copies = new ObjectCopies(store, resources);
        deletes = new DeleteObjects(store, resources);
        listings = new ObjectListings(store, resources);
        versionListings = new VersionListings(store, resources);
        uploads = new MultipartUploads(store, resources);
        parts = new UploadParts(store, resources, uploads, copies);
        completion = new CompleteUpload(store, resources);
        multipartListings = new MultipartListings(store, resources, uploads);
    }

    HttpResponse perform(Operation operation, S3Call call) throws IOException {
        return switch (operation.support()) {
            case YES -> supported(operation, call);
            case UNSET -> unset(operation, call);
            case NO ->
                    throw S3Error.NOT_IMPLEMENTED.refusal(
                            operation.s3Name() + " is not implemented.");
        };
    }

    private HttpResponse supported(Operation operation, S3Call call) throws IOException {
        return switch (operation) {
            case LIST_BUCKETS -> buckets.list(call);
            case CREATE_BUCKET -> buckets.create(call);
            case HEAD_BUCKET -> buckets.head(call);
            case DELETE_BUCKET -> buckets.delete(call);
            case GET_BUCKET_LOCATION -> buckets.location(call);
            case GET_BUCKET_VERSIONING -> buckets.versioning(call);
            case PUT_BUCKET_VERSIONING -> buckets.putVersioning(call);
            case GET_BUCKET_ACL -> accessControl.ofBucket(call);
            case PUT_BUCKET_ACL -> accessControl.putOfBucket(call);
            case GET_OBJECT_ACL -> accessControl.ofObject(call);
            case PUT_OBJECT_ACL -> accessControl.putOfObject(call);
            case GET_BUCKET_POLICY -> rules.policy(call);
            case PUT_BUCKET_POLICY -> rules.putPolicy(call);
            case DELETE_BUCKET_POLICY -> rules.deletePolicy(call);
            case GET_BUCKET_POLICY_STATUS -> rules.policyStatus(call);
            case GET_PUBLIC_ACCESS_BLOCK -> rules.publicAccess(call);
            case PUT_PUBLIC_ACCESS_BLOCK -> rules.putPublicAccess(call);
            case DELETE_PUBLIC_ACCESS_BLOCK -> rules.deletePublicAccess(call);
            case GET_BUCKET_OWNERSHIP_CONTROLS -> rules.ownership(call);
            case PUT_BUCKET_OWNERSHIP_CONTROLS -> rules.putOwnership(call);
            case DELETE_BUCKET_OWNERSHIP_CONTROLS -> rules.deleteOwnership(call);
            case GET_BUCKET_TAGGING -> tagging.ofBucket(call);
            case PUT_BUCKET_TAGGING -> tagging.putOfBucket(call);
            case DELETE_BUCKET_TAGGING -> tagging.deleteOfBucket(call);
            case GET_OBJECT_TAGGING -> tagging.ofObject(call);
            case PUT_OBJECT_TAGGING -> tagging.putOfObject(call);
            case DELETE_OBJECT_TAGGING -> tagging.deleteOfObject(call);
            case GET_BUCKET_CORS -> cors.get(call);
            case PUT_BUCKET_CORS -> cors.put(call);
            case DELETE_BUCKET_CORS -> cors.delete(call);
            case LIST_OBJECTS -> listings.listV1(call);
            case LIST_OBJECTS_V2 -> listings.listV2(call);
            case LIST_OBJECT_VERSIONS -> versionListings.list(call);
            case GET_OBJECT -> reads.get(call);
            case HEAD_OBJECT -> reads.head(call);
            case GET_OBJECT_ATTRIBUTES -> attributes.handle(call);
            case PUT_OBJECT -> writes.put(call);
            case DELETE_OBJECT -> writes.delete(call);
            case DELETE_OBJECTS -> deletes.handle(call);
            case COPY_OBJECT -> copies.copy(call);
            case CREATE_MULTIPART_UPLOAD -> uploads.create(call);
            case UPLOAD_PART -> parts.put(call);
            case UPLOAD_PART_COPY -> parts.copy(call);
            case COMPLETE_MULTIPART_UPLOAD -> completion.handle(call);
            case ABORT_MULTIPART_UPLOAD -> uploads.abort(call);
            case LIST_MULTIPART_UPLOADS -> multipartListings.listUploads(call);
            case LIST_PARTS -> multipartListings.listParts(call);
            default -> throw new IllegalStateException("nobody answers " + operation);
        };
    }

    private HttpResponse unset(Operation operation, S3Call call) {
        return switch (operation) {
            case GET_BUCKET_LIFECYCLE -> unset.none(call, S3Error.NO_SUCH_LIFECYCLE_CONFIGURATION);
            case GET_BUCKET_ENCRYPTION ->
                    unset.none(call, S3Error.SERVER_SIDE_ENCRYPTION_CONFIGURATION_NOT_FOUND);
            case GET_OBJECT_LOCK_CONFIGURATION ->
                    unset.none(call, S3Error.OBJECT_LOCK_CONFIGURATION_NOT_FOUND);
            case GET_BUCKET_WEBSITE -> unset.none(call, S3Error.NO_SUCH_WEBSITE_CONFIGURATION);
            case GET_BUCKET_REPLICATION ->
                    unset.none(call, S3Error.REPLICATION_CONFIGURATION_NOT_FOUND);
            case GET_BUCKET_REQUEST_PAYMENT -> unset.requestPayment(call);
            case GET_BUCKET_ACCELERATE -> unset.empty(call, "AccelerateConfiguration");
            case GET_BUCKET_LOGGING -> unset.empty(call, "BucketLoggingStatus");
            case GET_BUCKET_NOTIFICATION -> unset.empty(call, "NotificationConfiguration");
            case DELETE_BUCKET_LIFECYCLE,
                    DELETE_BUCKET_ENCRYPTION,
                    DELETE_BUCKET_WEBSITE,
                    DELETE_BUCKET_REPLICATION ->
                    unset.deleted(call);
            case GET_OBJECT_RETENTION, GET_OBJECT_LEGAL_HOLD -> unset.objectLock(call);
            default -> throw new IllegalStateException("nobody answers " + operation);
        };
    }
}
