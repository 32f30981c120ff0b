package io.varve.endpoint.crossprotocol;

import static io.varve.endpoint.crossprotocol.Step.s3;
import static io.varve.endpoint.crossprotocol.Step.swift;

import java.util.List;

/** Buckets that are made and set through S3. */
final class BucketsFromS3 {
    private BucketsFromS3() {}

    static Matrix matrix() {
        return new Matrix(
                "Buckets set through S3",
                "Policies, versioning and the public access block hold for both. READ of a bucket"
                    + " lists it and opens no object; Swift shows it in the nearest words it has.",
                Matrix.S3_FIRST,
                true,
                List.of(
                        bucket(),
                        taken(),
                        publicRead(),
                        publicReadWrite(),
                        grants(),
                        policy(),
                        publicAccessBlock(),
                        versioning(),
                        suspended(),
                        tagging(),
                        cors(),
                        counts()));
    }

    private static Row bucket() {
        return new Row("a bucket")
                .then(s3("PUT", "~-new"))
                .then(
                        swift("HEAD", "~-new")
                                .shows("X-Container-Object-Count", "0")
                                .shows("X-Storage-Policy", "default"),
                        swift("PUT", "~-new").status(202))
                .then(swift("DELETE", "~-new"))
                .then(s3("HEAD", "~-new").status(404));
    }

    private static Row taken() {
        return new Row("a name that is taken")
                .then(s3("PUT", "~-new"))
                .then(swift("GET", "~-new").by("another account").status(403))
                .then(swift("PUT", "~-new").body(""))
                .then(s3("PUT", "~-new").by("another account").status(409));
    }

    private static Row publicRead() {
        return new Row("canned ACL")
                .given(s3("PUT", "~/o").body("x"))
                .then(s3("PUT", "~?acl").with("x-amz-acl", "public-read"))
                .then(
                        swift("HEAD", "~").shows("X-Container-Read", ".r:*,.rlistings"),
                        swift("GET", "~").by("anybody").text("o\n"),
                        swift("GET", "~/o").by("anybody").status(401))
                .then(swift("POST", "~").with("X-Container-Read", ".r:*"))
                .then(
                        s3("GET", "~?acl").xml("Permission", "FULL_CONTROL, READ"),
                        s3("GET", "~?list-type=2").by("anybody").status(403),
                        s3("GET", "~/o").by("anybody").text("x"));
    }

    private static Row publicReadWrite() {
        return new Row("canned ACL that lets write")
                .then(s3("PUT", "~?acl").with("x-amz-acl", "public-read-write"))
                .then(
                        swift("HEAD", "~")
                                .shows("X-Container-Read", ".r:*,.rlistings")
                                .hides("X-Container-Write"),
                        swift("PUT", "~/o").by("anybody").body("x").status(201))
                .then(swift("POST", "~").with("X-Container-Write", ""))
                .then(s3("PUT", "~/o").by("anybody").body("x").status(403));
    }

    private static Row grants() {
        return new Row("grants to an account")
                .then(
                        s3("PUT", "~?acl")
                                .with("x-amz-grant-read", "id=\"test2\"")
                                .with("x-amz-grant-write", "id=\"test2\""))
                .then(
                        swift("HEAD", "~")
                                .shows("X-Container-Read", "test2:*")
                                .shows("X-Container-Write", "test2:*"),
                        swift("PUT", "~/o").by("another account").body("x").status(201))
                .then(swift("POST", "~").with("X-Remove-Container-Write", "x"))
                .then(
                        s3("GET", "~?acl").xml("Permission", "FULL_CONTROL, READ"),
                        s3("PUT", "~/o").by("another account").body("x").status(403));
    }

    private static Row policy() {
        String document =
                """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
                 "Action": "s3:GetObject", "Resource": "arn:aws:s3:::~/public/*"},
                 {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject",
                 "Resource": "arn:aws:s3:::~/*"}]}\
                """;
        return new Row("policy")
                .given(s3("PUT", "~/public/o").body("x"), s3("PUT", "~/o").body("x"))
                .then(s3("PUT", "~?policy").body(document))
                .then(
                        swift("GET", "~/public/o").by("anybody").text("x"),
                        swift("GET", "~/o").by("anybody").status(401),
                        swift("DELETE", "~/o").status(403))
                .then(swift("POST", "~").with("X-Container-Read", ".r:*"))
                .then(
                        s3("GET", "~?policyStatus").xml("IsPublic", "true"),
                        s3("DELETE", "~/o").status(403));
    }

    private static Row publicAccessBlock() {
        String document =
                "<PublicAccessBlockConfiguration><IgnorePublicAcls>true</IgnorePublicAcls>"
                        + "</PublicAccessBlockConfiguration>";
        return new Row("public access block")
                .given(s3("PUT", "~/o").body("x"))
                .then(s3("PUT", "~?publicAccessBlock").body(document))
                .then(swift("POST", "~").with("X-Container-Read", ".r:*"))
                .then(
                        swift("HEAD", "~").shows("X-Container-Read", ".r:*"),
                        swift("GET", "~/o").by("anybody").status(401))
                .then(s3("GET", "~/o").by("anybody").status(403));
    }

    private static String versioning(String status) {
        return "<VersioningConfiguration><Status>" + status + "</Status></VersioningConfiguration>";
    }

    private static Row versioning() {
        return new Row("versioning")
                .then(s3("PUT", "~?versioning").body(versioning("Enabled")))
                .then(swift("PUT", "~/o").body("one"), swift("PUT", "~/o").body("two"))
                .then(swift("DELETE", "~/o"), swift("GET", "~/o").status(404))
                .then(s3("GET", "~?versions").xml("Size", "3, 3"), s3("DELETE", "~").status(409));
    }

    private static Row suspended() {
        return new Row("versioning, suspended")
                .given(
                        s3("PUT", "~?versioning").body(versioning("Enabled")),
                        s3("PUT", "~/o").body("one"))
                .then(s3("PUT", "~?versioning").body(versioning("Suspended")))
                .then(swift("GET", "~/o").text("one"))
                .then(swift("PUT", "~/o").body("two"), swift("PUT", "~/o").body("three"))
                .then(s3("GET", "~?versions").xml("Size", "5, 3"));
    }

    private static Row tagging() {
        return new Row("tags")
                .then(
                        s3("PUT", "~?tagging")
                                .body(
                                        "<Tagging><TagSet><Tag><Key>team</Key><Value>blue</Value>"
                                                + "</Tag></TagSet></Tagging>"))
                .then(swift("HEAD", "~").hides("X-Container-Meta-Team"))
                .then(swift("POST", "~").with("X-Container-Meta-Color", "red"))
                .then(s3("GET", "~?tagging").xml("Key", "team").xml("Value", "blue"));
    }

    static final String CORS =
            """
            <CORSConfiguration><CORSRule><AllowedOrigin>http://a.example</AllowedOrigin>
            <AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>\
            """;

    private static Row cors() {
        return new Row("CORS")
                .then(s3("PUT", "~?cors").body(CORS))
                .then(
                        swift("HEAD", "~").hides("X-Container-Meta-Access-Control-Allow-Origin"),
                        swift("GET", "~")
                                .with("Origin", "http://a.example")
                                .shows("Access-Control-Allow-Origin", "http://a.example"))
                .then(swift("POST", "~").with("X-Container-Meta-Color", "red"))
                .then(s3("GET", "~?cors").xml("AllowedOrigin", "http://a.example"));
    }

    private static Row counts() {
        return new Row("counts")
                .then(s3("PUT", "~/o").body("12345"))
                .then(
                        swift("HEAD", "~")
                                .shows("X-Container-Object-Count", "1")
                                .shows("X-Container-Bytes-Used", "5"),
                        swift("DELETE", "~").status(409))
                .then(swift("DELETE", "~/o"))
                .then(s3("DELETE", "~"));
    }
}
