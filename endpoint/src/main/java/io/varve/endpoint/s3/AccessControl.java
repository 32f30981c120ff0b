package io.varve.endpoint.s3;

import io.varve.endpoint.access.AccessList;
import io.varve.endpoint.access.Grant;
import io.varve.endpoint.access.PublicAccess;
import io.varve.endpoint.server.HttpResponse;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import java.io.IOException;
import java.util.List;

/** The access lists of buckets and objects. Safe for use by many threads. */
final class AccessControl {
    private final Resources resources;
    private final Settings settings;

    AccessControl(Resources resources, Settings settings) {
        this.resources = resources;
        this.settings = settings;
    }

    HttpResponse ofBucket(S3Call call) {
        Bucket bucket = resources.bucket(call);
        AccessList list = AccessList.of(bucket.settings());
        return call.document(Grants.document(call, bucket.owner(), list.shownAsGrants()));
    }

    HttpResponse ofObject(S3Call call) {
        Bucket bucket = resources.bucket(call);
        ObjectVersion object = resources.readable(call, bucket);
        AccessList list = AccessList.of(object.attributes().settings());
        HttpResponse.Builder out = call.respond(200).header("Content-Type", "application/xml");
        ObjectHeaders.addVersion(out, bucket, object);
        return out.body(Grants.document(call, bucket.owner(), list.grants()).finish());
    }

    HttpResponse putOfBucket(S3Call call) throws IOException {
        Bucket bucket = resources.bucket(call);
        List<Grant> grants = requested(call, bucket);
        AccessList list = AccessList.of(bucket.settings()).withGrants(grants);
        settings.set(call, bucket, AccessList.SETTING, list.isPrivate() ? "" : list.encode());
        return call.respond(200).build();
    }

    HttpResponse putOfObject(S3Call call) throws IOException {
        Bucket bucket = resources.bucket(call);
        resources.readable(call, bucket);
        AccessList list = AccessList.ofGrants(requested(call, bucket));
        ObjectVersion object =
                settings.setOfObject(
                        call, bucket, AccessList.SETTING, list.isPrivate() ? "" : list.encode());
        HttpResponse.Builder out = call.respond(200);
        ObjectHeaders.addVersion(out, bucket, object);
        return out.build();
    }

    private static List<Grant> requested(S3Call call, Bucket bucket) throws IOException {
        List<Grant> ofHeaders = Grants.ofHeaders(call, bucket.owner());
        byte[] document = RequestDocument.read(call, RequestDocument.MAX_SETTINGS_BYTES);
        if (ofHeaders != null && document.length > 0) {
            throw S3Error.UNEXPECTED_CONTENT.refusal();
        }
        if (ofHeaders == null && document.length == 0) {
            throw S3Error.MISSING_SECURITY_HEADER
                    .refusal("Your request was missing a required header")
                    .with("MissingHeaderName", "x-amz-acl");
        }
        List<Grant> grants = ofHeaders == null ? Grants.parse(document, bucket.owner()) : ofHeaders;
        requireAllowed(bucket, grants);
        return grants;
    }

    /** Whether the bucket's owner has ruled such grants out. */
    static void requireAllowed(Bucket bucket, List<Grant> grants) {
        AccessList list = AccessList.ofGrants(grants);
        if (list.isPublic() && PublicAccess.of(bucket.settings()).blockAcls()) {
            throw S3Error.ACCESS_DENIED.refusal();
        }
        if (!list.isPrivate() && BucketRules.disablesAcls(bucket)) {
            throw S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED.refusal();
        }
    }
}
