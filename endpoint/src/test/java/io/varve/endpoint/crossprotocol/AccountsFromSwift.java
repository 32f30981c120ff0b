package io.varve.endpoint.crossprotocol;

import static io.varve.endpoint.crossprotocol.Step.s3;
import static io.varve.endpoint.crossprotocol.Step.swift;

import java.util.List;

/** Accounts, and what sites decide of containers, as Swift sets it. */
final class AccountsFromSwift {
    private static final String ACCESS = "X-Account-Access-Control";
    private static final String QUOTA = "X-Account-Meta-Quota-Bytes";

    private AccountsFromSwift() {}

    static Matrix matrix() {
        return new Matrix(
                "Accounts set through Swift",
                "S3 has no word for any of it, and keeps to all of it: who may use the account, its"
                        + " quota, where containers lie, and where else they are kept.",
                Matrix.SWIFT_FIRST,
                false,
                List.of(
                        access("who may look", "read-only", 403),
                        access("who may write", "read-write", 200),
                        access("who may administer", "admin", 200),
                        quota(),
                        policy(),
                        sync()));
    }

    private static Row access(String name, String list, int putStatus) {
        String lists = "{\"" + list + "\":[\"test2:*\"]}";
        boolean administers = list.equals("admin");
        Step acl = s3("GET", "~?acl").by("another account");
        return new Row(name)
                .given(
                        swift("PUT", "~/o").body("x"),
                        s3("GET", "~/o").by("another account").status(403))
                .then(swift("POST", "").with(ACCESS, lists))
                .then(
                        s3("GET", "~/o").by("another account").text("x"),
                        s3("PUT", "~/p").by("another account").body("y").status(putStatus),
                        administers ? acl.xml("Permission", "FULL_CONTROL") : acl.status(403))
                .then(s3("PUT", "~?acl").with("x-amz-acl", "private"))
                .then(
                        swift("HEAD", "").shows(ACCESS, lists),
                        swift("POST", "").with(ACCESS, ""),
                        s3("GET", "~/o").by("another account").status(403));
    }

    private static Row quota() {
        return new Row("quota of bytes")
                .then(
                        swift("POST", "").with(QUOTA, "1").status(403),
                        swift("POST", "").by("a reseller").with(QUOTA, "1"))
                .then(
                        s3("PUT", "~/o").body("12").status(403).xml("Code", "QuotaExceeded"),
                        s3("PUT", "~/empty").body(""))
                .then(s3("DELETE", "~/empty"))
                .then(
                        swift("HEAD", "").shows(QUOTA, "1"),
                        swift("PUT", "~/o").body("12").status(413),
                        swift("POST", "").by("a reseller").with(QUOTA, "").say(""));
    }

    private static Row policy() {
        String policy = "X-Storage-Policy";
        return new Row("storage policy")
                .then(
                        swift("PUT", "~-new").with(policy, "none").body("").status(400),
                        swift("PUT", "~-new").with(policy, "default").body(""))
                .then(
                        s3("PUT", "~-new/o").body("x"),
                        s3("GET", "~-new?list-type=2").xml("StorageClass", "default"))
                .then(s3("PUT", "~-new/o").with("x-amz-storage-class", "STANDARD").body("x"))
                .then(swift("HEAD", "~-new").shows(policy, "default"));
    }

    private static Row sync() {
        String to = "X-Container-Sync-To";
        String key = "X-Container-Sync-Key";
        return new Row("sync with another site")
                .then(swift("POST", "~").with(to, "//lab/there/AUTH_a/c").with(key, "secret"))
                .then(
                        s3("PUT", "~/o").body("x"),
                        s3("HEAD", "~").hides(to).hides(key),
                        s3("GET", "~?tagging").status(404))
                .then(s3("PUT", "~?acl").with("x-amz-acl", "public-read"))
                .then(
                        swift("HEAD", "~").shows(to, "//lab/there/AUTH_a/c").shows(key, "secret"),
                        swift("HEAD", "~").by("anybody").hides(key).say(""));
    }
}
