package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpResponse;
import io.varve.projections.namespace.Bucket;

import java.io.IOException;

/**
 * The ACL of buckets and objects: the owner has full control, nobody else has anything. It can be
 * read, and be set to what it is. Safe for use by many threads.
 */
final class AccessControl {
    private final Resources resources;

    AccessControl(Resources resources) {
        this.resources = resources;
    }

    HttpResponse ofBucket(S3Call call) {
        return acl(call, resources.bucket(call));
    }

    HttpResponse ofObject(S3Call call) {
        Bucket bucket = resources.bucket(call);
        resources.readable(call, bucket);
        return acl(call, bucket);
    }

    private static HttpResponse acl(S3Call call, Bucket bucket) {
        XmlWriter xml = XmlWriter.document("AccessControlPolicy");
        BucketOperations.owner(xml, "Owner", bucket.owner());
        xml.start("AccessControlList").start("Grant");
        xml.startTyped("Grantee", "CanonicalUser")
                .element("ID", bucket.owner())
                .element("DisplayName", bucket.owner())
                .end();
        xml.element("Permission", "FULL_CONTROL").end().end();
        return call.document(xml);
    }

    HttpResponse putOfBucket(S3Call call) throws IOException {
        return put(call, resources.bucket(call));
    }

    HttpResponse putOfObject(S3Call call) throws IOException {
        Bucket bucket = resources.bucket(call);
        resources.readable(call, bucket);
        return put(call, bucket);
    }

    private static HttpResponse put(S3Call call, Bucket bucket) throws IOException {
        CannedAcl.requirePrivate(call);
        byte[] document = RequestDocument.read(call, RequestDocument.MAX_SETTINGS_BYTES);
        if (document.length > 0) {
            requirePrivate(document, bucket.owner());
        } else if (call.header("x-amz-acl") == null) {
            throw S3Error.MISSING_SECURITY_HEADER
                    .refusal("Your request was missing a required header")
                    .with("MissingHeaderName", "x-amz-acl");
        }
        return call.respond(200).build();
    }

    private static void requirePrivate(byte[] document, String owner) {
        XmlCursor xml = XmlCursor.open(document, "AccessControlPolicy");
        boolean ownerControls = false;
        while (xml.nextChild()) {
            if (!xml.name().equals("AccessControlList")) {
                xml.skip();
                continue;
            }
            while (xml.nextChild()) {
                requireOwnersGrant(xml, owner);
                ownerControls = true;
            }
        }
        if (!ownerControls) {
            throw notPrivate();
        }
    }

    private static void requireOwnersGrant(XmlCursor xml, String owner) {
        String grantee = "";
        String permission = "";
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Permission" -> permission = xml.text().strip();
                case "Grantee" -> {
                    while (xml.nextChild()) {
                        if (xml.name().equals("ID")) {
                            grantee = xml.text().strip();
                        } else {
                            xml.skip();
                        }
                    }
                }
                default -> xml.skip();
            }
        }
        if (!grantee.equals(owner) || !permission.equals("FULL_CONTROL")) {
            throw notPrivate();
        }
    }

    private static S3Refusal notPrivate() {
        return S3Error.NOT_IMPLEMENTED.refusal(
                "An access control list other than the owner's full control is not implemented.");
    }
}
