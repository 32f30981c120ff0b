package io.varve.endpoint.s3;

import static io.varve.endpoint.s3.RequestAddress.Level.BUCKET;
import static io.varve.endpoint.s3.RequestAddress.Level.OBJECT;
import static io.varve.endpoint.s3.RequestAddress.Level.SERVICE;

import io.varve.endpoint.s3.RequestAddress.Level;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every operation of S3, and how a request is told to be it: the method, the level, and the query
 * parameters or header that must be there. The order counts: the first row that fits is it, so what
 * asks for more stands above what asks for less.
 */
enum Operation {
    LIST_BUCKETS("ListBuckets", "GET", SERVICE, Support.YES),

    CREATE_SESSION("CreateSession", "GET", BUCKET, Support.NO, "session"),
    GET_BUCKET_LOCATION("GetBucketLocation", "GET", BUCKET, Support.YES, "location"),
    GET_BUCKET_VERSIONING("GetBucketVersioning", "GET", BUCKET, Support.YES, "versioning"),
    GET_BUCKET_ACL("GetBucketAcl", "GET", BUCKET, Support.YES, "acl"),
    GET_BUCKET_POLICY("GetBucketPolicy", "GET", BUCKET, Support.YES, "policy"),
    GET_BUCKET_POLICY_STATUS("GetBucketPolicyStatus", "GET", BUCKET, Support.YES, "policyStatus"),
    GET_BUCKET_TAGGING("GetBucketTagging", "GET", BUCKET, Support.YES, "tagging"),
    GET_BUCKET_LIFECYCLE(
            "GetBucketLifecycleConfiguration", "GET", BUCKET, Support.UNSET, "lifecycle"),
    GET_BUCKET_CORS("GetBucketCors", "GET", BUCKET, Support.YES, "cors"),
    GET_BUCKET_ENCRYPTION("GetBucketEncryption", "GET", BUCKET, Support.UNSET, "encryption"),
    GET_OBJECT_LOCK_CONFIGURATION(
            "GetObjectLockConfiguration", "GET", BUCKET, Support.UNSET, "object-lock"),
    GET_PUBLIC_ACCESS_BLOCK(
            "GetPublicAccessBlock", "GET", BUCKET, Support.YES, "publicAccessBlock"),
    GET_BUCKET_OWNERSHIP_CONTROLS(
            "GetBucketOwnershipControls", "GET", BUCKET, Support.YES, "ownershipControls"),
    GET_BUCKET_REQUEST_PAYMENT(
            "GetBucketRequestPayment", "GET", BUCKET, Support.UNSET, "requestPayment"),
    GET_BUCKET_ACCELERATE(
            "GetBucketAccelerateConfiguration", "GET", BUCKET, Support.UNSET, "accelerate"),
    GET_BUCKET_LOGGING("GetBucketLogging", "GET", BUCKET, Support.UNSET, "logging"),
    GET_BUCKET_NOTIFICATION(
            "GetBucketNotificationConfiguration", "GET", BUCKET, Support.UNSET, "notification"),
    GET_BUCKET_WEBSITE("GetBucketWebsite", "GET", BUCKET, Support.UNSET, "website"),
    GET_BUCKET_REPLICATION("GetBucketReplication", "GET", BUCKET, Support.UNSET, "replication"),
    GET_BUCKET_ANALYTICS("GetBucketAnalyticsConfiguration", "GET", BUCKET, Support.NO, "analytics"),
    GET_BUCKET_INVENTORY("GetBucketInventoryConfiguration", "GET", BUCKET, Support.NO, "inventory"),
    GET_BUCKET_METRICS("GetBucketMetricsConfiguration", "GET", BUCKET, Support.NO, "metrics"),
    GET_BUCKET_INTELLIGENT_TIERING(
            "GetBucketIntelligentTieringConfiguration",
            "GET",
            BUCKET,
            Support.NO,
            "intelligent-tiering"),
    GET_BUCKET_METADATA_TABLE(
            "GetBucketMetadataTableConfiguration", "GET", BUCKET, Support.NO, "metadataTable"),
    GET_BUCKET_METADATA(
            "GetBucketMetadataConfiguration", "GET", BUCKET, Support.NO, "metadataConfiguration"),
    LIST_MULTIPART_UPLOADS("ListMultipartUploads", "GET", BUCKET, Support.YES, "uploads"),
    LIST_OBJECT_VERSIONS("ListObjectVersions", "GET", BUCKET, Support.YES, "versions"),
    LIST_OBJECTS_V2("ListObjectsV2", "GET", BUCKET, Support.YES, "list-type"),
    LIST_OBJECTS("ListObjects", "GET", BUCKET, Support.YES),
    HEAD_BUCKET("HeadBucket", "HEAD", BUCKET, Support.YES),

    PUT_BUCKET_VERSIONING("PutBucketVersioning", "PUT", BUCKET, Support.YES, "versioning"),
    PUT_BUCKET_ACL("PutBucketAcl", "PUT", BUCKET, Support.YES, "acl"),
    PUT_BUCKET_POLICY("PutBucketPolicy", "PUT", BUCKET, Support.YES, "policy"),
    PUT_BUCKET_TAGGING("PutBucketTagging", "PUT", BUCKET, Support.YES, "tagging"),
    PUT_BUCKET_LIFECYCLE("PutBucketLifecycleConfiguration", "PUT", BUCKET, Support.NO, "lifecycle"),
    PUT_BUCKET_CORS("PutBucketCors", "PUT", BUCKET, Support.YES, "cors"),
    PUT_BUCKET_ENCRYPTION("PutBucketEncryption", "PUT", BUCKET, Support.NO, "encryption"),
    PUT_OBJECT_LOCK_CONFIGURATION(
            "PutObjectLockConfiguration", "PUT", BUCKET, Support.NO, "object-lock"),
    PUT_PUBLIC_ACCESS_BLOCK(
            "PutPublicAccessBlock", "PUT", BUCKET, Support.YES, "publicAccessBlock"),
    PUT_BUCKET_OWNERSHIP_CONTROLS(
            "PutBucketOwnershipControls", "PUT", BUCKET, Support.YES, "ownershipControls"),
    PUT_BUCKET_REQUEST_PAYMENT(
            "PutBucketRequestPayment", "PUT", BUCKET, Support.NO, "requestPayment"),
    PUT_BUCKET_ACCELERATE(
            "PutBucketAccelerateConfiguration", "PUT", BUCKET, Support.NO, "accelerate"),
    PUT_BUCKET_LOGGING("PutBucketLogging", "PUT", BUCKET, Support.NO, "logging"),
    PUT_BUCKET_NOTIFICATION(
            "PutBucketNotificationConfiguration", "PUT", BUCKET, Support.NO, "notification"),
    PUT_BUCKET_WEBSITE("PutBucketWebsite", "PUT", BUCKET, Support.NO, "website"),
    PUT_BUCKET_REPLICATION("PutBucketReplication", "PUT", BUCKET, Support.NO, "replication"),
    PUT_BUCKET_ANALYTICS("PutBucketAnalyticsConfiguration", "PUT", BUCKET, Support.NO, "analytics"),
    PUT_BUCKET_INVENTORY("PutBucketInventoryConfiguration", "PUT", BUCKET, Support.NO, "inventory"),
    PUT_BUCKET_METRICS("PutBucketMetricsConfiguration", "PUT", BUCKET, Support.NO, "metrics"),
    PUT_BUCKET_INTELLIGENT_TIERING(
            "PutBucketIntelligentTieringConfiguration",
            "PUT",
            BUCKET,
            Support.NO,
            "intelligent-tiering"),
    CREATE_BUCKET("CreateBucket", "PUT", BUCKET, Support.YES),

    DELETE_BUCKET_POLICY("DeleteBucketPolicy", "DELETE", BUCKET, Support.YES, "policy"),
    DELETE_BUCKET_TAGGING("DeleteBucketTagging", "DELETE", BUCKET, Support.YES, "tagging"),
    DELETE_BUCKET_LIFECYCLE("DeleteBucketLifecycle", "DELETE", BUCKET, Support.UNSET, "lifecycle"),
    DELETE_BUCKET_CORS("DeleteBucketCors", "DELETE", BUCKET, Support.YES, "cors"),
    DELETE_BUCKET_ENCRYPTION(
            "DeleteBucketEncryption", "DELETE", BUCKET, Support.UNSET, "encryption"),
    DELETE_PUBLIC_ACCESS_BLOCK(
            "DeletePublicAccessBlock", "DELETE", BUCKET, Support.YES, "publicAccessBlock"),
    DELETE_BUCKET_OWNERSHIP_CONTROLS(
            "DeleteBucketOwnershipControls", "DELETE", BUCKET, Support.YES, "ownershipControls"),
    DELETE_BUCKET_WEBSITE("DeleteBucketWebsite", "DELETE", BUCKET, Support.UNSET, "website"),
    DELETE_BUCKET_REPLICATION(
            "DeleteBucketReplication", "DELETE", BUCKET, Support.UNSET, "replication"),
    DELETE_BUCKET_ANALYTICS(
            "DeleteBucketAnalyticsConfiguration", "DELETE", BUCKET, Support.NO, "analytics"),
    DELETE_BUCKET_INVENTORY(
            "DeleteBucketInventoryConfiguration", "DELETE", BUCKET, Support.NO, "inventory"),
    DELETE_BUCKET_METRICS(
            "DeleteBucketMetricsConfiguration", "DELETE", BUCKET, Support.NO, "metrics"),
    DELETE_BUCKET_INTELLIGENT_TIERING(
            "DeleteBucketIntelligentTieringConfiguration",
            "DELETE",
            BUCKET,
            Support.NO,
            "intelligent-tiering"),
    DELETE_BUCKET("DeleteBucket", "DELETE", BUCKET, Support.YES),

    DELETE_OBJECTS("DeleteObjects", "POST", BUCKET, Support.YES, "delete"),
    POST_OBJECT("PostObject", "POST", BUCKET, Support.NO),
    PREFLIGHT_BUCKET("CORS preflight (bucket)", "OPTIONS", BUCKET, Support.YES),

    GET_OBJECT_ACL("GetObjectAcl", "GET", OBJECT, Support.YES, "acl"),
    GET_OBJECT_TAGGING("GetObjectTagging", "GET", OBJECT, Support.YES, "tagging"),
    GET_OBJECT_RETENTION("GetObjectRetention", "GET", OBJECT, Support.UNSET, "retention"),
    GET_OBJECT_LEGAL_HOLD("GetObjectLegalHold", "GET", OBJECT, Support.UNSET, "legal-hold"),
    GET_OBJECT_TORRENT("GetObjectTorrent", "GET", OBJECT, Support.NO, "torrent"),
    GET_OBJECT_ATTRIBUTES("GetObjectAttributes", "GET", OBJECT, Support.YES, "attributes"),
    LIST_PARTS("ListParts", "GET", OBJECT, Support.YES, "uploadId"),
    GET_OBJECT("GetObject", "GET", OBJECT, Support.YES),
    HEAD_OBJECT("HeadObject", "HEAD", OBJECT, Support.YES),

    PUT_OBJECT_ACL("PutObjectAcl", "PUT", OBJECT, Support.YES, "acl"),
    PUT_OBJECT_TAGGING("PutObjectTagging", "PUT", OBJECT, Support.YES, "tagging"),
    PUT_OBJECT_RETENTION("PutObjectRetention", "PUT", OBJECT, Support.NO, "retention"),
    PUT_OBJECT_LEGAL_HOLD("PutObjectLegalHold", "PUT", OBJECT, Support.NO, "legal-hold"),
    RENAME_OBJECT("RenameObject", "PUT", OBJECT, Support.NO, "renameObject"),
    UPDATE_OBJECT_ENCRYPTION("UpdateObjectEncryption", "PUT", OBJECT, Support.NO, "encryption"),
    UPLOAD_PART_COPY(
            "UploadPartCopy",
            "PUT",
            OBJECT,
            Support.YES,
            Set.of("uploadId", "partNumber"),
            "x-amz-copy-source"),
    UPLOAD_PART("UploadPart", "PUT", OBJECT, Support.YES, "uploadId"),
    COPY_OBJECT("CopyObject", "PUT", OBJECT, Support.YES, Set.of(), "x-amz-copy-source"),
    PUT_OBJECT("PutObject", "PUT", OBJECT, Support.YES),

    CREATE_MULTIPART_UPLOAD("CreateMultipartUpload", "POST", OBJECT, Support.YES, "uploads"),
    COMPLETE_MULTIPART_UPLOAD("CompleteMultipartUpload", "POST", OBJECT, Support.YES, "uploadId"),
    SELECT_OBJECT_CONTENT("SelectObjectContent", "POST", OBJECT, Support.NO, "select"),
    RESTORE_OBJECT("RestoreObject", "POST", OBJECT, Support.NO, "restore"),

    DELETE_OBJECT_TAGGING("DeleteObjectTagging", "DELETE", OBJECT, Support.YES, "tagging"),
    ABORT_MULTIPART_UPLOAD("AbortMultipartUpload", "DELETE", OBJECT, Support.YES, "uploadId"),
    DELETE_OBJECT("DeleteObject", "DELETE", OBJECT, Support.YES),
    PREFLIGHT_OBJECT("CORS preflight (object)", "OPTIONS", OBJECT, Support.YES);

    /** What a client can expect of an operation. */
    enum Support {
        /** It works. */
        YES,
        /** What it is about cannot be set, and it gives S3's true answer for what is not set. */
        UNSET,
        /** 501 NotImplemented. */
        NO
    }

    private static final Map<Level, List<Operation>> BY_LEVEL = byLevel();

    private final String s3Name;
    private final String method;
    private final Level level;
    private final Support support;
    private final Set<String> parameters;
    private final String header;

    Operation(String s3Name, String method, Level level, Support support) {
        this(s3Name, method, level, support, Set.of(), "");
    }

    Operation(String s3Name, String method, Level level, Support support, String parameter) {
        this(s3Name, method, level, support, Set.of(parameter), "");
    }

    Operation(
            String s3Name,
            String method,
            Level level,
            Support support,
            Set<String> parameters,
            String header) {
        this.s3Name = s3Name;
        this.method = method;
        this.level = level;
        this.support = support;
        this.parameters = parameters;
        this.header = header;
    }

    private static Map<Level, List<Operation>> byLevel() {
        Map<Level, List<Operation>> byLevel = new EnumMap<>(Level.class);
        for (Level level : Level.values()) {
            List<Operation> operations = new ArrayList<>();
            for (Operation operation : values()) {
                if (operation.level == level) {
                    operations.add(operation);
                }
            }
            byLevel.put(level, List.copyOf(operations));
        }
        return byLevel;
    }

    String s3Name() {
        return s3Name;
    }

    Support support() {
        return support;
    }

    /** The operation of a request; {@code MethodNotAllowed} when its level has none such. */
    static Operation of(S3Request request) {
        Level level = request.address().level();
        for (Operation operation : operations(level)) {
            if (operation.fits(request)) {
                return operation;
            }
        }
        Set<String> allowed = new TreeSet<>();
        operations(level).forEach(operation -> allowed.add(operation.method));
        throw S3Error.METHOD_NOT_ALLOWED
                .refusal()
                .with("Method", request.method())
                .with("ResourceType", level.name())
                .header("Allow", String.join(", ", allowed));
    }

    private static List<Operation> operations(Level level) {
        List<Operation> operations = BY_LEVEL.get(level);
        return operations == null ? List.of() : operations;
    }

    private boolean fits(S3Request request) {
        if (!method.equals(request.method())) {
            return false;
        }
        for (String parameter : parameters) {
            if (!request.query().has(parameter)) {
                return false;
            }
        }
        return header.isEmpty() || request.hasHeader(header);
    }
}
