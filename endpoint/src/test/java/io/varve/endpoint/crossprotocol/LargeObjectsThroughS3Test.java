package io.varve.endpoint.crossprotocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.s3.TestClient;
import io.varve.endpoint.server.Answer;
import io.varve.endpoint.swift.SwiftSite;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;

final class LargeObjectsThroughS3Test {
    /** Swift's tag of the whole, and how many segments it has. */
    private static final String STATIC_TAG = "dfb2bf5eb9bc30eb365edb0508344d38-3";

    private static final String DYNAMIC_TAG = "c0d618d58170355e52d00958681e264f-3";
    private static final String STATIC_BYTES = "segment1segment2egm";
    private static final String DYNAMIC_BYTES = "segment1segment2segment3";

    @TempDir Path directory;
    private TwoProtocols both;

    @BeforeEach
    void open() {
        both = new TwoProtocols(directory);
        both.swift("PUT", "/large").send().expect(201);
        both.swift("PUT", "/parts").send().expect(201);
        for (int i = 1; i <= 3; i++) {
            both.swift("PUT", "/parts/seg" + i).body("segment" + i).send().expect(201);
        }
        manifest(
                "static",
                """
                [{"path": "/parts/seg1"}, {"path": "/parts/seg2"},
                 {"path": "/parts/seg3", "range": "1-3"}]\
                """);
        both.swift("PUT", "/large/dynamic")
                .header("X-Object-Manifest", "parts/seg")
                .header("X-Object-Meta-Color", "blue")
                .body("")
                .send()
                .expect(201);
    }

    private void manifest(String name, String json) {
        both.swift("PUT", "/large/" + name + "?multipart-manifest=put")
                .header("Content-Type", "text/plain")
                .body(json)
                .send()
                .expect(201);
    }

    @AfterEach
    void close() {
        both.close();
    }

    private Answer s3(String method, String key, String... headers) {
        return request(method, key, headers).send();
    }

    private TestClient.Request request(String method, String key, String... headers) {
        TestClient.Request request = both.s3(method, "/large/" + key);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    @Test
    void aStaticOneIsOneObjectEverywhere() {
        Answer got = s3("GET", "static").expect(200);
        assertEquals(STATIC_BYTES, got.text());
        assertEquals(STATIC_TAG, got.etag());
        assertEquals("text/plain", got.header("Content-Type"));
        Answer head = s3("HEAD", "static").expect(200);
        assertEquals(19, head.announcedBytes());
        assertEquals(STATIC_TAG, head.etag());
        assertEquals("19 \"" + STATIC_TAG + "\"", both.listed("large", "static"));
        Answer attributes =
                s3(
                        "GET",
                        "static?attributes",
                        "x-amz-object-attributes",
                        "ETag,ObjectSize,ObjectParts");
        assertEquals(STATIC_TAG, attributes.xml("ETag"));
        assertEquals("19", attributes.xml("ObjectSize"));
        assertEquals("3", attributes.xml("PartsCount"));
    }

    @Test
    void aDynamicOneReadsAsOneAndIsListedAsItsManifest() {
        Answer got = s3("GET", "dynamic").expect(200);
        assertEquals(DYNAMIC_BYTES, got.text());
        assertEquals(DYNAMIC_TAG, got.etag());
        assertEquals("blue", got.header("x-amz-meta-color"));
        assertEquals(24, s3("HEAD", "dynamic").announcedBytes());
        assertEquals(DYNAMIC_TAG, s3("HEAD", "dynamic").etag());
        assertEquals("0 \"d41d8cd98f00b204e9800998ecf8427e-0\"", both.listed("large", "dynamic"));
        both.swift("PUT", "/parts/seg4").body("!").send().expect(201);
        assertEquals(DYNAMIC_BYTES + "!", s3("GET", "dynamic").text());
        assertNotEquals(DYNAMIC_TAG, s3("HEAD", "dynamic").etag());
    }

    @Test
    void rangesAndConditionsAreOfTheWhole() {
        Answer range = s3("GET", "static", "Range", "bytes=6-9").expect(206);
        assertEquals("t1se", range.text());
        assertEquals("bytes 6-9/19", range.header("Content-Range"));
        assertEquals("2egm", s3("GET", "static", "Range", "bytes=-4").expect(206).text());
        assertEquals("t3", s3("GET", "dynamic", "Range", "bytes=22-").expect(206).text());
        s3("GET", "static", "Range", "bytes=19-").expect(416, "InvalidRange");
        s3("GET", "static", "If-None-Match", '"' + STATIC_TAG + '"').expect(304);
        s3("GET", "dynamic", "If-None-Match", '"' + DYNAMIC_TAG + '"').expect(304);
        s3("GET", "static", "If-Match", '"' + STATIC_TAG + '"').expect(200);
        s3("GET", "static", "If-Match", '"' + DYNAMIC_TAG + '"').expect(412, "PreconditionFailed");
    }

    @Test
    void segmentsAreItsParts() {
        Answer part = s3("GET", "static?partNumber=3").expect(206);
        assertEquals("egm", part.text());
        assertEquals("3", part.header("x-amz-mp-parts-count"));
        assertEquals("bytes 16-18/19", part.header("Content-Range"));
        assertEquals("segment2", s3("GET", "dynamic?partNumber=2").expect(206).text());
        s3("GET", "static?partNumber=4").expect(416, "InvalidPartNumber");
    }

    @Test
    void aCopyHasTheBytesAndNeedsNoSegment() {
        s3("PUT", "copy", "x-amz-copy-source", "/large/static").expect(200);
        s3("PUT", "copied", "x-amz-copy-source", "/large/dynamic").expect(200);
        assertEquals(
                "blue", both.swift("HEAD", "/large/copied").send().header("X-Object-Meta-Color"));
        assertEquals(
                "(none)", both.swift("HEAD", "/large/copied").send().header("X-Object-Manifest"));
        String upload = s3("POST", "parted?uploads").expect(200).xml("UploadId");
        s3(
                        "PUT",
                        "parted?partNumber=1&uploadId=" + upload,
                        "x-amz-copy-source",
                        "/large/static",
                        "x-amz-copy-source-range",
                        "bytes=6-17")
                .expect(200);
        String etag =
                s3("GET", "parted?uploadId=" + upload).expect(200).xml("ETag").replace("\"", "");
        request("POST", "parted?uploadId=" + upload)
                .body(
                        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"
                                + etag
                                + "</ETag></Part></CompleteMultipartUpload>")
                .send()
                .expect(200);
        for (int i = 1; i <= 3; i++) {
            both.swift("DELETE", "/parts/seg" + i).send().expect(204);
        }
        assertEquals(STATIC_BYTES, s3("GET", "copy").expect(200).text());
        assertEquals(DYNAMIC_BYTES, s3("GET", "copied").expect(200).text());
        assertEquals("t1segment2eg", s3("GET", "parted").expect(200).text());
    }

    @Test
    void aCopyWithAChecksumHasTheChecksumOfTheBytes() {
        s3("PUT", "copy", "x-amz-copy-source", "/large/static", "x-amz-checksum-algorithm", "CRC32")
                .expect(200);
        both.s3("PUT", "/large/plain")
                .header("x-amz-checksum-algorithm", "CRC32")
                .header("x-amz-checksum-crc32", crc32(STATIC_BYTES))
                .body(STATIC_BYTES)
                .send()
                .expect(200);
        assertEquals(
                crc32(STATIC_BYTES),
                s3("HEAD", "copy", "x-amz-checksum-mode", "ENABLED")
                        .header("x-amz-checksum-crc32"));
        assertEquals(s3("HEAD", "plain").etag(), s3("HEAD", "copy").etag());
    }

    private static String crc32(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    @Test
    void copiedOntoItselfItStaysWhatItIs() {
        Answer copied =
                s3(
                                "PUT",
                                "static",
                                "x-amz-copy-source",
                                "/large/static",
                                "x-amz-metadata-directive",
                                "REPLACE",
                                "x-amz-meta-color",
                                "red")
                        .expect(200);
        assertEquals('"' + STATIC_TAG + '"', copied.xml("ETag"));
        Answer head = both.swift("HEAD", "/large/static").send().expect(200);
        assertEquals("True", head.header("X-Static-Large-Object"));
        assertEquals("red", head.header("X-Object-Meta-Color"));
    }

    @Test
    void writesThatNameItsTagAreOfWhatTheClientSaw() {
        request("PUT", "static", "If-Match", '"' + DYNAMIC_TAG + '"')
                .body("new")
                .send()
                .expect(412, "PreconditionFailed");
        s3("DELETE", "static", "If-Match", '"' + STATIC_TAG + '"').expect(204);
        s3("HEAD", "static").expect(404);
    }

    @Test
    void deletingItLeavesItsSegments() {
        s3("DELETE", "static").expect(204);
        s3("DELETE", "dynamic").expect(204);
        assertEquals("segment1", both.s3("GET", "/parts/seg1").send().expect(200).text());
        assertEquals("", both.swift("GET", "/large").send().text());
    }

    @Test
    void aSegmentThatIsGoneOrOtherFailsBeforeTheFirstByte() {
        both.swift("PUT", "/parts/seg2").body("changed!").send().expect(201);
        s3("GET", "static").expect(409, "SegmentUnavailable");
        s3("PUT", "copy", "x-amz-copy-source", "/large/static").expect(409, "SegmentUnavailable");
        assertEquals("segm", s3("GET", "static", "Range", "bytes=0-3").expect(206).text());
        both.swift("DELETE", "/parts/seg1").send().expect(204);
        s3("GET", "static", "Range", "bytes=0-3").expect(409, "SegmentUnavailable");
        s3("HEAD", "static").expect(200);
        assertEquals("changed!segment3", s3("GET", "dynamic").expect(200).text());
    }

    @Test
    void aManifestOpensNothingThatItsReaderMayNotOpen() {
        s3("PUT", "static?acl", "x-amz-acl", "public-read").expect(200);
        s3("PUT", "dynamic?acl", "x-amz-acl", "public-read").expect(200);
        request("GET", "static").sendUnsigned().expect(409, "SegmentUnavailable");
        request("GET", "dynamic").as(TwoProtocols.STRANGER).send().expect(403, "AccessDenied");
        both.swift("POST", "/parts").header("X-Container-Read", ".r:*").send().expect(204);
        assertEquals(STATIC_BYTES, request("GET", "static").sendUnsigned().expect(200).text());
        assertEquals(DYNAMIC_BYTES, request("GET", "dynamic").sendUnsigned().expect(200).text());
    }

    @Test
    void anObjectOfPartsReadsThroughSwiftAsOne() {
        new PartedUpload("~/parted", List.of("x".repeat(5 << 20), "the end"))
                .step()
                .run(both, "large", "an object of parts");
        String etag = s3("HEAD", "parted").etag();
        SwiftSite.Request range = both.swift("GET", "/large/parted");
        Answer end = range.header("Range", "bytes=5242878-5242882").send().expect(206);
        assertEquals("xxthe", end.text());
        assertEquals(etag, end.etag());
        assertEquals(
                "the end",
                both.swift("GET", "/large/parted").header("Range", "bytes=-7").send().text());
        both.swift("GET", "/large/parted").header("If-None-Match", etag).send().expect(304);
        String listing = both.swift("GET", "/large?format=json&prefix=parted").send().text();
        assertTrue(listing.contains("\"bytes\": 5242887, \"hash\": \"" + etag), listing);
    }
}
