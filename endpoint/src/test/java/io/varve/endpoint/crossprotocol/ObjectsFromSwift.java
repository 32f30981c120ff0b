package io.varve.endpoint.crossprotocol;

import static io.varve.endpoint.crossprotocol.Step.s3;
import static io.varve.endpoint.crossprotocol.Step.swift;

import java.util.List;

/** Objects that are written through Swift. */
final class ObjectsFromSwift {
    private static final String SEGMENTS = "[{\"path\": \"/~/s/1\"}, {\"path\": \"/~/s/2\"}]";

    private ObjectsFromSwift() {}

    static Matrix matrix() {
        return new Matrix(
                "Objects written through Swift",
                "S3 reads a large object as one. The tag of a static one is Swift's with the number"
                    + " of segments, everywhere; a listing does not look up the segments of a"
                    + " dynamic one and has the line of its manifest. A link is what it leads to.",
                Matrix.SWIFT_FIRST,
                false,
                List.of(
                        plain(),
                        metadata(),
                        utf8Metadata(),
                        longMetadata(),
                        contentType(),
                        contentHeaders(),
                        robots(),
                        expiring(),
                        expired(),
                        staticLarge(),
                        staticLargeCopied(),
                        staticLargeWithout(),
                        dynamicLarge(),
                        dynamicLargeCopied(),
                        link(),
                        staticLink(),
                        tagged(),
                        copied(),
                        name()));
    }

    private static Row plain() {
        return new Row("plain")
                .then(swift("PUT", "~/o").body("hello"))
                .then(
                        s3("GET", "~/o")
                                .shows("ETag", "\"5d41402abc4b2a76b9719d911017c592\"")
                                .text("hello"),
                        s3("GET", "~?list-type=2").xml("Size", "5"))
                .then(s3("PUT", "~/o").body("changed"))
                .then(
                        swift("GET", "~/o")
                                .shows("Etag", "8977dfac2f8e04cb96e66882235f5aba")
                                .text("changed"));
    }

    private static Row metadata() {
        return new Row("metadata")
                .then(swift("PUT", "~/o").with("X-Object-Meta-Color", "blue").body("x"))
                .then(s3("HEAD", "~/o").shows("x-amz-meta-color", "blue"))
                .then(
                        s3("PUT", "~/o")
                                .with("x-amz-copy-source", "/~/o")
                                .with("x-amz-metadata-directive", "REPLACE")
                                .with("x-amz-meta-shade", "dark"))
                .then(
                        swift("HEAD", "~/o")
                                .shows("X-Object-Meta-Shade", "dark")
                                .hides("X-Object-Meta-Color"));
    }

    private static Row utf8Metadata() {
        return new Row("metadata in UTF-8")
                .then(swift("PUT", "~/o").with("X-Object-Meta-Color", "grün").body("x"))
                .then(s3("HEAD", "~/o").shows("x-amz-meta-color", "=?UTF-8?B?Z3LDvG4=?="))
                .then(s3("PUT", "~/copy").with("x-amz-copy-source", "/~/o"))
                .then(swift("HEAD", "~/copy").shows("X-Object-Meta-Color", "grün"));
    }

    private static Row longMetadata() {
        Step put = swift("PUT", "~/o").body("x").say("`PUT` 12 × 250 bytes of metadata");
        for (int i = 10; i < 22; i++) {
            put.with("X-Object-Meta-N" + i, "v".repeat(247));
        }
        return new Row("more metadata than S3 would take")
                .then(put)
                .then(
                        s3("HEAD", "~/o")
                                .shows("x-amz-meta-n10", "v".repeat(247))
                                .shows("x-amz-meta-n21", "v".repeat(247))
                                .say("all of it"))
                .then(s3("PUT", "~/copy").with("x-amz-copy-source", "/~/o"))
                .then(
                        swift("HEAD", "~/copy")
                                .shows("X-Object-Meta-N21", "v".repeat(247))
                                .say("all of it"));
    }

    private static Row contentType() {
        return new Row("content type, from the name")
                .then(swift("PUT", "~/o.html").body("x"))
                .then(s3("HEAD", "~/o.html").shows("Content-Type", "text/html"))
                .then(s3("PUT", "~/o.html").body("x"))
                .then(swift("HEAD", "~/o.html").shows("Content-Type", "application/octet-stream"));
    }

    private static Row contentHeaders() {
        return new Row("content headers")
                .then(
                        swift("PUT", "~/o")
                                .with("Content-Encoding", "gzip")
                                .with("Content-Disposition", "inline")
                                .with("Content-Language", "de")
                                .with("Cache-Control", "no-cache")
                                .with("Expires", "Wed, 01 Jan 2031 00:00:00 GMT")
                                .body("x"))
                .then(
                        s3("HEAD", "~/o")
                                .shows("Content-Encoding", "gzip")
                                .shows("Content-Disposition", "inline")
                                .shows("Content-Language", "de")
                                .shows("Cache-Control", "no-cache")
                                .shows("Expires", "Wed, 01 Jan 2031 00:00:00 GMT"))
                .then(
                        s3("PUT", "~/o")
                                .with("x-amz-copy-source", "/~/o")
                                .with("x-amz-metadata-directive", "REPLACE")
                                .with("Cache-Control", "private"))
                .then(
                        swift("HEAD", "~/o")
                                .shows("Cache-Control", "private")
                                .hides("Content-Encoding"));
    }

    private static Row robots() {
        return new Row("robots")
                .then(swift("PUT", "~/o").with("X-Robots-Tag", "noindex").body("x"))
                .then(s3("HEAD", "~/o").hides("X-Robots-Tag"))
                .then(s3("PUT", "~/o?tagging").body(tagging()).say("`PUT ?tagging`"))
                .then(swift("HEAD", "~/o").shows("X-Robots-Tag", "noindex"));
    }

    private static String tagging() {
        return "<Tagging><TagSet><Tag><Key>team</Key><Value>blue</Value></Tag></TagSet></Tagging>";
    }

    private static Row expiring() {
        return new Row("expiry")
                .then(swift("PUT", "~/o").with("X-Delete-At", "4102444800").body("x"))
                .then(
                        s3("HEAD", "~/o")
                                .shows(
                                        "x-amz-expiration",
                                        "expiry-date=\"Fri, 01 Jan 2100 00:00:00 GMT\","
                                                + " rule-id=\"X-Delete-At\""))
                .then(
                        s3("PUT", "~/o?tagging").body(tagging()),
                        s3("PUT", "~/copy").with("x-amz-copy-source", "/~/o"))
                .then(
                        swift("HEAD", "~/o").shows("X-Delete-At", "4102444800"),
                        swift("HEAD", "~/copy").hides("X-Delete-At"));
    }

    private static Row expired() {
        return new Row("expired")
                .then(swift("PUT", "~/o").with("X-Delete-At", "1780000000").body("x"))
                .then(s3("GET", "~/o").status(404), s3("GET", "~?list-type=2").xml("KeyCount", "0"))
                .then(s3("PUT", "~/o").body("new"))
                .then(swift("GET", "~/o").hides("X-Delete-At").text("new"));
    }

    private static Row segments(Row row) {
        return row.given(swift("PUT", "~/s/1").body("one"), swift("PUT", "~/s/2").body("two"));
    }

    private static Step slo() {
        return swift("PUT", "~/o?multipart-manifest=put").body(SEGMENTS);
    }

    private static Step dlo() {
        return swift("PUT", "~/o").with("X-Object-Manifest", "~/s/").body("");
    }

    private static Row staticLarge() {
        String etag = "2111c0ee5f1706682c57410673830fb3-2";
        return segments(new Row("static large object"))
                .then(slo())
                .then(
                        s3("GET", "~/o").shows("ETag", '"' + etag + '"').text("onetwo"),
                        s3("GET", "~?list-type=2&prefix=o")
                                .xml("Size", "6")
                                .xml("ETag", '"' + etag + '"'),
                        s3("GET", "~/o?partNumber=2").text("two"))
                .then(s3("DELETE", "~/o"))
                .then(swift("GET", "~").text("s/1\ns/2\n"));
    }

    private static Row staticLargeCopied() {
        return segments(new Row("static large object, copied"))
                .then(slo())
                .then(s3("GET", "~/o").with("Range", "bytes=2-3").text("et"))
                .then(s3("PUT", "~/copy").with("x-amz-copy-source", "/~/o"))
                .then(
                        swift("GET", "~/copy")
                                .hides("X-Static-Large-Object")
                                .shows("Etag", "5b9164ad6f496d9dee12ec7634ce253f")
                                .text("onetwo"));
    }

    private static Row staticLargeWithout() {
        return segments(new Row("static large object, of which a segment changes"))
                .then(slo())
                .then(s3("GET", "~/o").text("onetwo"))
                .then(s3("PUT", "~/s/2").body("new"))
                .then(
                        swift("GET", "~/o").status(409),
                        s3("GET", "~/o").status(409).xml("Code", "SegmentUnavailable"));
    }

    private static Row dynamicLarge() {
        return segments(new Row("dynamic large object"))
                .then(dlo())
                .then(
                        s3("GET", "~/o")
                                .shows("ETag", "\"2111c0ee5f1706682c57410673830fb3-2\"")
                                .text("onetwo"),
                        s3("GET", "~?list-type=2&prefix=o")
                                .xml("Size", "0")
                                .xml("ETag", "\"d41d8cd98f00b204e9800998ecf8427e-0\""))
                .then(s3("PUT", "~/s/3").body("three"))
                .then(swift("GET", "~/o").text("onetwothree"));
    }

    private static Row dynamicLargeCopied() {
        return segments(new Row("dynamic large object, copied"))
                .then(dlo())
                .then(s3("HEAD", "~/o").bytes(6))
                .then(s3("PUT", "~/copy").with("x-amz-copy-source", "/~/o"))
                .then(swift("GET", "~/copy").hides("X-Object-Manifest").text("onetwo"));
    }

    private static Row link() {
        return new Row("link")
                .given(swift("PUT", "~/target").with("X-Object-Meta-Color", "blue").body("hello"))
                .then(swift("PUT", "~/o").with("X-Symlink-Target", "~/target").body(""))
                .then(
                        s3("GET", "~/o").shows("x-amz-meta-color", "blue").text("hello"),
                        s3("GET", "~?list-type=2&prefix=o").xml("Size", "0"))
                .then(
                        s3("PUT", "~/copy").with("x-amz-copy-source", "/~/o"),
                        s3("DELETE", "~/target"),
                        s3("GET", "~/o").status(404))
                .then(
                        swift("GET", "~/copy").text("hello"),
                        swift("HEAD", "~/o?symlink=get").shows("X-Symlink-Target", "~/target"));
    }

    private static Row staticLink() {
        String etag = "5d41402abc4b2a76b9719d911017c592";
        return new Row("static link")
                .given(swift("PUT", "~/target").body("hello"))
                .then(
                        swift("PUT", "~/o")
                                .with("X-Symlink-Target", "~/target")
                                .with("X-Symlink-Target-Etag", etag)
                                .body(""))
                .then(
                        s3("GET", "~?list-type=2&prefix=o")
                                .xml("Size", "5")
                                .xml("ETag", '"' + etag + '"'),
                        s3("GET", "~/o").shows("ETag", '"' + etag + '"').text("hello"))
                .then(s3("PUT", "~/target").body("changed"))
                .then(
                        swift("GET", "~/o").status(409),
                        s3("GET", "~/o").status(409).xml("Code", "LinkTargetUnavailable"));
    }

    private static Row tagged() {
        return new Row("tags and ACL, set by S3")
                .then(swift("PUT", "~/o").with("X-Object-Meta-Color", "blue").body("x"))
                .then(s3("GET", "~/o?tagging").xml("Key", ""))
                .then(
                        s3("PUT", "~/o?tagging").body(tagging()),
                        s3("PUT", "~/o?acl").with("x-amz-acl", "public-read"))
                .then(
                        swift("GET", "~/o")
                                .by("anybody")
                                .shows("X-Object-Meta-Color", "blue")
                                .text("x"),
                        swift("PUT", "~/o").body("new"),
                        swift("GET", "~/o").by("anybody").status(401));
    }

    private static Row copied() {
        return new Row("copied")
                .given(s3("PUT", "~/source").with("x-amz-meta-color", "blue").body("hello"))
                .then(swift("COPY", "~/source").with("Destination", "~/o"))
                .then(s3("GET", "~/o").shows("x-amz-meta-color", "blue").text("hello"))
                .then(s3("PUT", "~/source").body("changed"))
                .then(swift("GET", "~/o").text("hello"));
    }

    private static Row name() {
        return new Row("name with slashes and dots")
                .then(swift("PUT", "~/a//b/../c").body("x"))
                .then(s3("GET", "~?list-type=2").xml("Key", "a//b/../c"))
                .then(s3("PUT", "~/a//b/../c").body("changed"))
                .then(swift("GET", "~/a//b/../c").text("changed"));
    }
}
