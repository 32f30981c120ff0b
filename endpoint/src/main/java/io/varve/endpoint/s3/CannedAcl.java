package io.varve.endpoint.s3;

import java.util.Set;

/**
 * The canned ACL and the grants that a request carries in headers. Buckets and objects belong to
 * one account and are private to it; so what means just that is taken, and what would share them is
 * refused rather than ignored.
 */
final class CannedAcl {
    private static final Set<String> PRIVATE =
            Set.of("private", "bucket-owner-full-control", "bucket-owner-read");
    private static final Set<String> SHARING =
            Set.of(
                    "public-read",
                    "public-read-write",
                    "authenticated-read",
                    "aws-exec-read",
                    "log-delivery-write");

    private CannedAcl() {}

    static void requirePrivate(S3Call call) {
        String acl = call.header("x-amz-acl");
        if (acl != null && !PRIVATE.contains(acl)) {
            throw SHARING.contains(acl)
                    ? S3Error.NOT_IMPLEMENTED
                            .refusal("The canned ACL " + acl + " is not implemented.")
                            .with("Header", "x-amz-acl")
                    : S3Refusal.invalidArgument("The canned ACL is not valid", "x-amz-acl", acl);
        }
        for (String name : call.request().headers().keySet()) {
            if (name.startsWith("x-amz-grant-")) {
                throw S3Refusal.notImplementedHeader(name);
            }
        }
    }
}
