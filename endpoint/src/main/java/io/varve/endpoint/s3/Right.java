package io.varve.endpoint.s3;

import io.varve.endpoint.access.AccessNeed;

/**
 * What a request must be allowed to do.
 *
 * @param action as policies name it
 * @param need what an access list must grant for it
 */
record Right(String action, AccessNeed need) {
    static final Right LIST_BUCKET = new Right("s3:ListBucket", AccessNeed.LIST);
    static final Right PUT_OBJECT = new Right("s3:PutObject", AccessNeed.WRITE_OBJECT);
    static final Right PUT_OBJECT_ACL = new Right("s3:PutObjectAcl", AccessNeed.WRITE_OBJECT_ACL);
    static final Right PUT_OBJECT_TAGGING =
            new Right("s3:PutObjectTagging", AccessNeed.OWNER_WRITE);

    /** To get an object, or just one version of it. */
    static Right getObject(boolean version) {
        return ofObject("s3:GetObject", "", version, AccessNeed.READ_OBJECT);
    }

    /** To delete an object, or just one version of it. */
    static Right deleteObject(boolean version) {
        return ofObject("s3:DeleteObject", "", version, AccessNeed.WRITE_OBJECT);
    }

    private static Right ofObject(String verb, String what, boolean version, AccessNeed need) {
        return new Right(verb + (version ? "Version" : "") + what, need);
    }

    private static Right ownerReads(String name) {
        return new Right("s3:Get" + name, AccessNeed.OWNER_READ);
    }

    private static Right ownerWrites(String name) {
        return new Right("s3:Put" + name, AccessNeed.OWNER_WRITE);
    }

    /**
     * What an operation on a bucket or object asks for.
     *
     * @param version whether the request names a version
     */
    static Right of(Operation operation, boolean version) {
        return switch (operation) {
            case HEAD_BUCKET, LIST_OBJECTS, LIST_OBJECTS_V2, CREATE_SESSION -> LIST_BUCKET;
            case LIST_OBJECT_VERSIONS -> new Right("s3:ListBucketVersions", AccessNeed.LIST);
            case LIST_MULTIPART_UPLOADS ->
                    new Right("s3:ListBucketMultipartUploads", AccessNeed.LIST);
            case DELETE_BUCKET -> new Right("s3:DeleteBucket", AccessNeed.OWNER_WRITE);
            case LIST_BUCKETS -> new Right("s3:ListAllMyBuckets", AccessNeed.OWNER_READ);
            case CREATE_BUCKET -> new Right("s3:CreateBucket", AccessNeed.OWNER_WRITE);
            case GET_BUCKET_ACL -> new Right("s3:GetBucketAcl", AccessNeed.READ_BUCKET_ACL);
            case PUT_BUCKET_ACL -> new Right("s3:PutBucketAcl", AccessNeed.WRITE_BUCKET_ACL);
            case DELETE_OBJECT, DELETE_OBJECTS -> deleteObject(version);
            case PUT_OBJECT,
                    COPY_OBJECT,
                    POST_OBJECT,
                    RENAME_OBJECT,
                    CREATE_MULTIPART_UPLOAD,
                    UPLOAD_PART,
                    UPLOAD_PART_COPY,
                    COMPLETE_MULTIPART_UPLOAD,
                    UPDATE_OBJECT_ENCRYPTION ->
                    PUT_OBJECT;
            case ABORT_MULTIPART_UPLOAD ->
                    new Right("s3:AbortMultipartUpload", AccessNeed.WRITE_OBJECT);
            case LIST_PARTS -> new Right("s3:ListMultipartUploadParts", AccessNeed.WRITE_OBJECT);
            case GET_OBJECT,
                    HEAD_OBJECT,
                    GET_OBJECT_ATTRIBUTES,
                    GET_OBJECT_TORRENT,
                    SELECT_OBJECT_CONTENT ->
                    getObject(version);
            case GET_OBJECT_ACL ->
                    ofObject("s3:GetObject", "Acl", version, AccessNeed.READ_OBJECT_ACL);
            case PUT_OBJECT_ACL ->
                    ofObject("s3:PutObject", "Acl", version, AccessNeed.WRITE_OBJECT_ACL);
            case GET_OBJECT_TAGGING ->
                    ofObject("s3:GetObject", "Tagging", version, AccessNeed.OWNER_READ);
            case PUT_OBJECT_TAGGING ->
                    ofObject("s3:PutObject", "Tagging", version, AccessNeed.OWNER_WRITE);
            case DELETE_OBJECT_TAGGING ->
                    ofObject("s3:DeleteObject", "Tagging", version, AccessNeed.OWNER_WRITE);
            case RESTORE_OBJECT -> new Right("s3:RestoreObject", AccessNeed.OWNER_WRITE);
            default -> ofConfiguration(operation);
        };
    }

    /** The configurations of a bucket, and what of an object is only its owner's affair. */
    private static Right ofConfiguration(Operation operation) {
        return switch (operation) {
            case GET_BUCKET_POLICY -> ownerReads("BucketPolicy");
            case PUT_BUCKET_POLICY -> ownerWrites("BucketPolicy");
            case DELETE_BUCKET_POLICY -> new Right("s3:DeleteBucketPolicy", AccessNeed.OWNER_WRITE);
            case GET_BUCKET_POLICY_STATUS -> ownerReads("BucketPolicyStatus");
            case GET_BUCKET_LOCATION -> ownerReads("BucketLocation");
            case GET_BUCKET_VERSIONING -> ownerReads("BucketVersioning");
            case PUT_BUCKET_VERSIONING -> ownerWrites("BucketVersioning");
            case GET_BUCKET_TAGGING -> ownerReads("BucketTagging");
            case PUT_BUCKET_TAGGING, DELETE_BUCKET_TAGGING -> ownerWrites("BucketTagging");
            case GET_BUCKET_LIFECYCLE -> ownerReads("LifecycleConfiguration");
            case PUT_BUCKET_LIFECYCLE, DELETE_BUCKET_LIFECYCLE ->
                    ownerWrites("LifecycleConfiguration");
            case GET_BUCKET_CORS -> ownerReads("BucketCORS");
            case PUT_BUCKET_CORS, DELETE_BUCKET_CORS -> ownerWrites("BucketCORS");
            case GET_BUCKET_ENCRYPTION -> ownerReads("EncryptionConfiguration");
            case PUT_BUCKET_ENCRYPTION, DELETE_BUCKET_ENCRYPTION ->
                    ownerWrites("EncryptionConfiguration");
            case GET_PUBLIC_ACCESS_BLOCK -> ownerReads("BucketPublicAccessBlock");
            case PUT_PUBLIC_ACCESS_BLOCK, DELETE_PUBLIC_ACCESS_BLOCK ->
                    ownerWrites("BucketPublicAccessBlock");
            case GET_BUCKET_OWNERSHIP_CONTROLS -> ownerReads("BucketOwnershipControls");
            case PUT_BUCKET_OWNERSHIP_CONTROLS, DELETE_BUCKET_OWNERSHIP_CONTROLS ->
                    ownerWrites("BucketOwnershipControls");
            case GET_BUCKET_WEBSITE -> ownerReads("BucketWebsite");
            case PUT_BUCKET_WEBSITE -> ownerWrites("BucketWebsite");
            case DELETE_BUCKET_WEBSITE ->
                    new Right("s3:DeleteBucketWebsite", AccessNeed.OWNER_WRITE);
            case GET_BUCKET_REPLICATION -> ownerReads("ReplicationConfiguration");
            case PUT_BUCKET_REPLICATION, DELETE_BUCKET_REPLICATION ->
                    ownerWrites("ReplicationConfiguration");
            case GET_BUCKET_REQUEST_PAYMENT -> ownerReads("BucketRequestPayment");
            case PUT_BUCKET_REQUEST_PAYMENT -> ownerWrites("BucketRequestPayment");
            case GET_BUCKET_ACCELERATE -> ownerReads("AccelerateConfiguration");
            case PUT_BUCKET_ACCELERATE -> ownerWrites("AccelerateConfiguration");
            case GET_BUCKET_LOGGING -> ownerReads("BucketLogging");
            case PUT_BUCKET_LOGGING -> ownerWrites("BucketLogging");
            case GET_BUCKET_NOTIFICATION -> ownerReads("BucketNotification");
            case PUT_BUCKET_NOTIFICATION -> ownerWrites("BucketNotification");
            case GET_OBJECT_LOCK_CONFIGURATION -> ownerReads("BucketObjectLockConfiguration");
            case PUT_OBJECT_LOCK_CONFIGURATION -> ownerWrites("BucketObjectLockConfiguration");
            case GET_OBJECT_RETENTION -> ownerReads("ObjectRetention");
            case PUT_OBJECT_RETENTION -> ownerWrites("ObjectRetention");
            case GET_OBJECT_LEGAL_HOLD -> ownerReads("ObjectLegalHold");
            case PUT_OBJECT_LEGAL_HOLD -> ownerWrites("ObjectLegalHold");
            default -> new Right("s3:" + operation.s3Name(), AccessNeed.OWNER_WRITE);
        };
    }
}
