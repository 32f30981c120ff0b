package io.varve.endpoint.crossprotocol;

import static io.varve.endpoint.crossprotocol.Step.s3;
import static io.varve.endpoint.crossprotocol.Step.swift;

import java.util.List;

/** Objects that are written through S3. */
final class ObjectsFromS3 {
    private static final String ENABLED =
            "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";

    private ObjectsFromS3() {}

    static Matrix matrix() {
        return new Matrix(
                "Objects written through S3",
                "A POST of Swift replaces metadata and content headers, and leaves everything that"
                    + " Swift has no word for; a PUT replaces all of it, tags and ACL included.",
                Matrix.S3_FIRST,
                true,
                List.of(
                        plain(),
                        empty(),
                        multipart(),
                        deletedMultipart(),
                        metadata(),
                        utf8Metadata(),
                        contentType(),
                        contentHeaders(),
                        redirect(),
                        tags(),
                        cannedAccess(),
                        grants(),
                        checksum(),
                        conditions(),
                        copied(),
                        copiedBySwift(),
                        versioned(),
                        deleteMarker(),
                        name()));
    }

    private static Row plain() {
        return new Row("plain")
                .then(s3("PUT", "~/o").body("hello"))
                .then(
                        swift("GET", "~/o")
                                .shows("Etag", "5d41402abc4b2a76b9719d911017c592")
                                .text("hello"))
                .then(swift("PUT", "~/o").body("changed"))
                .then(
                        s3("GET", "~/o")
                                .shows("ETag", "\"8977dfac2f8e04cb96e66882235f5aba\"")
                                .text("changed"));
    }

    private static Row empty() {
        return new Row("empty")
                .then(s3("PUT", "~/o").body(""))
                .then(
                        swift("HEAD", "~/o")
                                .bytes(0)
                                .shows("Content-Type", "application/octet-stream"))
                .then(swift("DELETE", "~/o"))
                .then(s3("HEAD", "~/o").status(404));
    }

    private static Row multipart() {
        String large = "x".repeat(5 << 20);
        return new Row("in two parts")
                .then(new PartedUpload("~/o", List.of(large, "tail")).step())
                .then(
                        swift("HEAD", "~/o")
                                .bytes((5 << 20) + 4)
                                .shows("Etag", "a45f1422f2dbe3d2890829dd76adba1b-2")
                                .shows("X-Static-Large-Object", "False"),
                        swift("GET", "~/o?multipart-manifest=get").text("[]"),
                        swift("GET", "~/o").with("Range", "bytes=-6").text("xxtail"))
                .then(swift("COPY", "~/o").with("Destination", "~/copy"))
                .then(
                        s3("GET", "~/copy?partNumber=2")
                                .shows("ETag", "\"a45f1422f2dbe3d2890829dd76adba1b-2\"")
                                .text("tail"));
    }

    private static Row deletedMultipart() {
        String large = "x".repeat(5 << 20);
        return new Row("in two parts, deleted")
                .then(new PartedUpload("~/o", List.of(large, "tail")).step())
                .then(swift("GET", "~?format=json").part("\"bytes\": 5242884"))
                .then(
                        swift("DELETE", "~/o?multipart-manifest=delete").part("Number Deleted: 1"),
                        swift("HEAD", "~").shows("X-Container-Bytes-Used", "0"))
                .then(s3("HEAD", "~/o").status(404));
    }

    private static Row metadata() {
        return new Row("metadata")
                .then(s3("PUT", "~/o").with("x-amz-meta-color", "blue").body("x"))
                .then(swift("HEAD", "~/o").shows("X-Object-Meta-Color", "blue"))
                .then(swift("POST", "~/o").with("X-Object-Meta-Shade", "dark"))
                .then(
                        s3("HEAD", "~/o")
                                .shows("x-amz-meta-shade", "dark")
                                .hides("x-amz-meta-color"));
    }

    private static Row utf8Metadata() {
        return new Row("metadata in UTF-8")
                .then(s3("PUT", "~/o").with("x-amz-meta-color", "=?UTF-8?B?Z3LDvG4=?=").body("x"))
                .then(swift("HEAD", "~/o").shows("X-Object-Meta-Color", "grün"))
                .then(swift("POST", "~/o").with("X-Object-Meta-Color", "süß"))
                .then(s3("HEAD", "~/o").shows("x-amz-meta-color", "=?UTF-8?B?c8O8w58=?="));
    }

    private static Row contentType() {
        return new Row("content type")
                .then(s3("PUT", "~/o").with("Content-Type", "text/x-a").body("x"))
                .then(
                        swift("HEAD", "~/o").shows("Content-Type", "text/x-a"),
                        swift("GET", "~?format=json").part("\"content_type\": \"text/x-a\""))
                .then(swift("POST", "~/o").with("Content-Type", "text/x-b"))
                .then(s3("HEAD", "~/o").shows("Content-Type", "text/x-b"));
    }

    private static Row contentHeaders() {
        return new Row("content headers")
                .then(
                        s3("PUT", "~/o")
                                .with("Content-Encoding", "gzip")
                                .with("Content-Disposition", "inline")
                                .with("Content-Language", "de")
                                .with("Cache-Control", "no-cache")
                                .with("Expires", "Wed, 01 Jan 2031 00:00:00 GMT")
                                .body("x"))
                .then(
                        swift("HEAD", "~/o")
                                .shows("Content-Encoding", "gzip")
                                .shows("Content-Disposition", "inline")
                                .shows("Content-Language", "de")
                                .shows("Cache-Control", "no-cache")
                                .shows("Expires", "Wed, 01 Jan 2031 00:00:00 GMT"))
                .then(
                        swift("POST", "~/o")
                                .with("Content-Disposition", "attachment")
                                .with("Cache-Control", "private"))
                .then(
                        s3("HEAD", "~/o")
                                .shows("Content-Disposition", "attachment")
                                .shows("Cache-Control", "private")
                                .hides("Content-Encoding"));
    }

    private static Row redirect() {
        String header = "x-amz-website-redirect-location";
        return new Row("redirect")
                .then(s3("PUT", "~/o").with(header, "/other").body("x"))
                .then(swift("HEAD", "~/o").hides(header))
                .then(swift("POST", "~/o").with("X-Object-Meta-Color", "red"))
                .then(s3("HEAD", "~/o").shows(header, "/other"));
    }

    private static Row tags() {
        return new Row("tags")
                .then(s3("PUT", "~/o").with("x-amz-tagging", "team=blue").body("x"))
                .then(swift("HEAD", "~/o").hides("x-amz-tagging-count"))
                .then(
                        swift("POST", "~/o").with("X-Object-Meta-Color", "red"),
                        swift("COPY", "~/o").with("Destination", "~/copy"))
                .then(
                        s3("GET", "~/o?tagging").xml("Key", "team").xml("Value", "blue"),
                        s3("HEAD", "~/copy").shows("x-amz-tagging-count", "1"));
    }

    private static Row cannedAccess() {
        return new Row("canned ACL")
                .then(s3("PUT", "~/o").with("x-amz-acl", "public-read").body("x"))
                .then(
                        swift("GET", "~/o").by("anybody").text("x"),
                        swift("GET", "~").by("anybody").status(401))
                .then(swift("POST", "~/o").with("X-Object-Meta-Color", "red"))
                .then(
                        s3("GET", "~/o").by("anybody").text("x"),
                        s3("GET", "~/o?acl").xml("Permission", "FULL_CONTROL, READ"));
    }

    private static Row grants() {
        return new Row("grant to an account")
                .then(s3("PUT", "~/o").with("x-amz-grant-read", "id=\"test2\"").body("x"))
                .then(
                        swift("GET", "~/o").by("another account").text("x"),
                        swift("POST", "~/o").by("another account").status(403))
                .then(swift("PUT", "~/o").body("new"))
                .then(s3("GET", "~/o").by("another account").status(403));
    }

    private static Row checksum() {
        return new Row("checksum")
                .then(s3("PUT", "~/o").with("x-amz-checksum-crc32", "NhCmhg==").body("hello"))
                .then(swift("HEAD", "~/o").hides("x-amz-checksum-crc32"))
                .then(
                        swift("POST", "~/o").with("X-Object-Meta-Color", "red"),
                        swift("COPY", "~/o").with("Destination", "~/copy"))
                .then(
                        s3("HEAD", "~/o")
                                .with("x-amz-checksum-mode", "ENABLED")
                                .shows("x-amz-checksum-crc32", "NhCmhg=="),
                        s3("HEAD", "~/copy")
                                .with("x-amz-checksum-mode", "ENABLED")
                                .shows("x-amz-checksum-crc32", "NhCmhg=="));
    }

    private static Row conditions() {
        String etag = "5d41402abc4b2a76b9719d911017c592";
        return new Row("conditions")
                .then(s3("PUT", "~/o").with("If-None-Match", "*").body("hello"))
                .then(
                        swift("GET", "~/o").with("If-None-Match", etag).status(304),
                        swift("PUT", "~/o").with("If-None-Match", "*").body("x").status(412))
                .then(swift("PUT", "~/o").with("If-Match", etag).body("changed"))
                .then(s3("PUT", "~/o").with("If-Match", '"' + etag + '"').body("x").status(412));
    }

    private static Row copied() {
        return new Row("copied")
                .given(
                        swift("PUT", "~/source")
                                .with("X-Object-Meta-Color", "blue")
                                .with("Content-Type", "text/x-a")
                                .body("hello"))
                .then(s3("PUT", "~/o").with("x-amz-copy-source", "/~/source"))
                .then(
                        swift("GET", "~/o")
                                .shows("X-Object-Meta-Color", "blue")
                                .shows("Content-Type", "text/x-a")
                                .text("hello"))
                .then(
                        swift("PUT", "~/again")
                                .with("X-Copy-From", "~/o")
                                .with("X-Object-Meta-Shade", "dark")
                                .body(""))
                .then(
                        s3("HEAD", "~/again")
                                .shows("x-amz-meta-color", "blue")
                                .shows("x-amz-meta-shade", "dark"));
    }

    private static Row copiedBySwift() {
        return new Row("copied onto itself, to say something else of it")
                .given(
                        swift("PUT", "~/o")
                                .with("X-Delete-At", "4102444800")
                                .with("X-Robots-Tag", "noindex")
                                .body("hello"))
                .then(
                        s3("PUT", "~/o")
                                .with("x-amz-copy-source", "/~/o")
                                .with("x-amz-metadata-directive", "REPLACE")
                                .with("x-amz-meta-color", "red"))
                .then(
                        swift("HEAD", "~/o")
                                .shows("X-Object-Meta-Color", "red")
                                .shows("X-Delete-At", "4102444800")
                                .shows("X-Robots-Tag", "noindex"));
    }

    private static Row versioned() {
        return new Row("versions")
                .given(s3("PUT", "~?versioning").body(ENABLED))
                .then(s3("PUT", "~/o").body("one"), s3("PUT", "~/o").body("two").say(""))
                .then(swift("GET", "~/o").text("two"))
                .then(swift("PUT", "~/o").body("three"), swift("DELETE", "~/o"))
                .then(
                        s3("GET", "~?versions")
                                .xml("Size", "5, 3, 3")
                                .xml("IsLatest", "true, false, false, false"));
    }

    private static Row deleteMarker() {
        return new Row("delete marker")
                .given(s3("PUT", "~?versioning").body(ENABLED), s3("PUT", "~/o").body("one"))
                .then(s3("DELETE", "~/o").shows("x-amz-delete-marker", "true"))
                .then(swift("GET", "~/o").status(404), swift("GET", "~").text(""))
                .then(swift("PUT", "~/o").body("back"))
                .then(
                        s3("GET", "~/o").text("back"),
                        s3("GET", "~?versions").xml("IsLatest", "true, false, false"));
    }

    private static Row name() {
        return new Row("name in UTF-8, with spaces and signs")
                .then(s3("PUT", "~/a%20%C3%BC%2B%3F%23/b").body("x"))
                .then(swift("GET", "~?format=json").part("\"name\": \"a \\u00fc+?#/b\""))
                .then(swift("PUT", "~/a%20%C3%BC%2B%3F%23/b").body("changed"))
                .then(s3("GET", "~/a%20%C3%BC%2B%3F%23/b").text("changed"));
    }
}
