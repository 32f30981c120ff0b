package io.varve.endpoint.crossprotocol;

import static io.varve.endpoint.crossprotocol.Step.s3;
import static io.varve.endpoint.crossprotocol.Step.swift;

import java.util.List;

/** Containers that are made and set through Swift. */
final class ContainersFromSwift {
    private ContainersFromSwift() {}

    static Matrix matrix() {
        return new Matrix(
                "Containers set through Swift",
                "Quotas hold for both. S3 shows who may read and write as grants, as far as it has"
                        + " any for it, and setting them replaces what they said.",
                Matrix.SWIFT_FIRST,
                false,
                List.of(
                        container(),
                        freeName(),
                        metadata(),
                        readers(),
                        writers(),
                        aUser(),
                        bytesQuota(),
                        countQuota(),
                        cors(),
                        versions(),
                        archive(),
                        counts()));
    }

    private static Row container() {
        return new Row("a container")
                .then(swift("PUT", "~-new").body(""))
                .then(
                        s3("HEAD", "~-new").shows("x-amz-bucket-region", "fra"),
                        s3("PUT", "~-new").status(409).xml("Code", "BucketAlreadyOwnedByYou"))
                .then(s3("DELETE", "~-new"))
                .then(swift("HEAD", "~-new").status(404));
    }

    private static Row freeName() {
        return new Row("a name that S3 does not allow")
                .then(swift("PUT", "~%20My%20Container").body(""))
                .then(
                        s3("PUT", "~%20My%20Container/o").body("x"),
                        s3("GET", "~%20My%20Container?list-type=2").xml("Name", "~ My Container"))
                .then(s3("DELETE", "~%20My%20Container/o"), s3("DELETE", "~%20My%20Container"))
                .then(swift("HEAD", "~%20My%20Container").status(404));
    }

    private static Row metadata() {
        return new Row("metadata")
                .then(swift("POST", "~").with("X-Container-Meta-Color", "blue"))
                .then(s3("HEAD", "~").hides("x-amz-meta-color"))
                .then(s3("PUT", "~?acl").with("x-amz-acl", "public-read"))
                .then(swift("HEAD", "~").shows("X-Container-Meta-Color", "blue"));
    }

    private static Row readers() {
        return new Row("who may read: everybody")
                .given(swift("PUT", "~/o").body("x"))
                .then(swift("POST", "~").with("X-Container-Read", ".r:*,.rlistings"))
                .then(
                        s3("GET", "~/o").by("anybody").text("x"),
                        s3("GET", "~?list-type=2").by("anybody").xml("Key", "o"),
                        s3("GET", "~?acl").xml("Permission", "FULL_CONTROL, READ"))
                .then(s3("PUT", "~?acl").with("x-amz-acl", "private"))
                .then(
                        swift("HEAD", "~").hides("X-Container-Read"),
                        swift("GET", "~/o").by("anybody").status(401));
    }

    private static Row writers() {
        return new Row("who may write: an account")
                .then(
                        swift("POST", "~")
                                .with("X-Container-Write", "test2:*")
                                .with("X-Container-Read", "test2:*"))
                .then(
                        s3("PUT", "~/o").by("another account").body("x"),
                        s3("GET", "~/o").by("another account").text("x"),
                        s3("GET", "~?acl")
                                .xml("ID", "test, test, test2, test2")
                                .xml("Permission", "FULL_CONTROL, READ, WRITE"))
                .then(s3("PUT", "~?acl").with("x-amz-grant-write", "id=\"test2\""))
                .then(
                        swift("HEAD", "~")
                                .shows("X-Container-Write", "test2:*")
                                .hides("X-Container-Read"));
    }

    private static Row aUser() {
        return new Row("who may read: one user")
                .given(swift("PUT", "~/o").body("x"))
                .then(swift("POST", "~").with("X-Container-Read", "test2:tester2"))
                .then(
                        s3("GET", "~/o").by("another account").text("x"),
                        s3("GET", "~?acl").xml("Permission", "FULL_CONTROL"))
                .then(s3("PUT", "~?tagging").body(TAGS))
                .then(swift("HEAD", "~").shows("X-Container-Read", "test2:tester2"));
    }

    private static final String TAGS =
            "<Tagging><TagSet><Tag><Key>team</Key><Value>blue</Value></Tag></TagSet></Tagging>";

    private static Row bytesQuota() {
        return new Row("quota of bytes")
                .then(swift("POST", "~").with("X-Container-Meta-Quota-Bytes", "4"))
                .then(
                        s3("PUT", "~/o").body("12345").status(403).xml("Code", "QuotaExceeded"),
                        s3("PUT", "~/o").body("1234"))
                .then(s3("DELETE", "~/o"))
                .then(swift("HEAD", "~").shows("X-Container-Meta-Quota-Bytes", "4"));
    }

    private static Row countQuota() {
        return new Row("quota of objects")
                .then(swift("POST", "~").with("X-Container-Meta-Quota-Count", "1"))
                .then(
                        s3("PUT", "~/o").body("1"),
                        s3("PUT", "~/p").body("1").status(403).xml("Code", "QuotaExceeded"))
                .then(s3("PUT", "~/o").body("2"))
                .then(swift("PUT", "~/p").body("1").status(413));
    }

    private static Row cors() {
        String allow = "Access-Control-Allow-Origin";
        return new Row("CORS")
                .given(swift("PUT", "~/o").body("x"))
                .then(swift("POST", "~").with("X-Container-Meta-" + allow, "http://a.example"))
                .then(
                        s3("GET", "~/o")
                                .with("Origin", "http://a.example")
                                .shows(allow, "http://a.example"),
                        s3("GET", "~?cors").status(404))
                .then(
                        s3("PUT", "~?cors")
                                .body(BucketsFromS3.CORS.replace("a.example", "b.example")))
                .then(
                        swift("GET", "~/o")
                                .with("Origin", "http://a.example")
                                .shows(allow, "http://a.example"),
                        swift("GET", "~/o")
                                .with("Origin", "http://b.example")
                                .shows(allow, "http://b.example"));
    }

    private static Row versions() {
        return new Row("versions")
                .then(
                        swift("POST", "~").with("X-Versions-Enabled", "true"),
                        swift("PUT", "~/o").body("one").say(""))
                .then(s3("GET", "~?versioning").xml("Status", "Enabled"))
                .then(s3("PUT", "~/o").body("two"), s3("DELETE", "~/o"))
                .then(
                        swift("GET", "~/o").status(404),
                        swift("GET", "~?versions").part("swift_versions_deleted=1"),
                        swift("HEAD", "~").shows("X-Versions-Enabled", "True"));
    }

    private static Row archive() {
        return new Row("archive of versions")
                .given(swift("PUT", "~-old"))
                .then(
                        swift("POST", "~").with("X-Versions-Location", "~-old"),
                        swift("PUT", "~/o").body("one").say(""))
                .then(s3("GET", "~?versioning").xml("Status", ""))
                .then(s3("PUT", "~/o").body("two"))
                .then(
                        swift("HEAD", "~-old").shows("X-Container-Object-Count", "1"),
                        swift("DELETE", "~/o"),
                        swift("GET", "~/o").text("one"));
    }

    private static Row counts() {
        return new Row("counts")
                .then(swift("PUT", "~/o").body("12345"))
                .then(s3("DELETE", "~").status(409).xml("Code", "BucketNotEmpty"))
                .then(s3("PUT", "~/p").body("123"))
                .then(
                        swift("HEAD", "~")
                                .shows("X-Container-Object-Count", "2")
                                .shows("X-Container-Bytes-Used", "8"));
    }
}
