package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.server.BodyException;
import io.varve.endpoint.server.TestRequest;
import io.varve.endpoint.store.StoreException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;

class ObjectWritesTest {
    private final InMemoryStore store = new InMemoryStore();
    private final TestClient client = new TestClient(store);

    @BeforeEach
    void createBucket() {
        client.request("PUT", "/bucket-a").send().expect(200);
    }

    private TestClient.Request put(String content) {
        return client.request("PUT", "/bucket-a/key").body(content);
    }

    private void absent() {
        client.get("/bucket-a/key").expect(404, "NoSuchKey");
    }

    @Test
    void answersWithTheTagOfTheContent() {
        Answer answer = put("hello").send().expect(200);
        assertEquals("\"5d41402abc4b2a76b9719d911017c592\"", answer.header("ETag"));
        assertEquals("(none)", answer.header("x-amz-version-id"));
        assertEquals("hello", client.get("/bucket-a/key").text());
    }

    @Test
    void keepsSystemHeadersAndMetadata() {
        put("x").header("Content-Type", "text/html; charset=utf-8")
                .header("Cache-Control", "max-age=60")
                .header("Content-Disposition", "inline")
                .header("Content-Encoding", "gzip")
                .header("Content-Language", "de")
                .header("Expires", "whenever")
                .header("x-amz-website-redirect-location", "/other")
                .header("x-amz-storage-class", "STANDARD")
                .header("x-amz-meta-colour", "blue")
                .header("X-Amz-Meta-Mixed-Case".toLowerCase(java.util.Locale.ROOT), "Yes")
                .send()
                .expect(200);
        Answer answer = client.get("/bucket-a/key").expect(200);
        assertEquals("text/html; charset=utf-8", answer.header("Content-Type"));
        assertEquals("max-age=60", answer.header("Cache-Control"));
        assertEquals("inline", answer.header("Content-Disposition"));
        assertEquals("gzip", answer.header("Content-Encoding"));
        assertEquals("de", answer.header("Content-Language"));
        assertEquals("whenever", answer.header("Expires"));
        assertEquals("/other", answer.header("x-amz-website-redirect-location"));
        assertEquals("blue", answer.header("x-amz-meta-colour"));
        assertEquals("Yes", answer.header("x-amz-meta-mixed-case"));
        assertEquals("(none)", answer.header("x-amz-storage-class"));
    }

    @Test
    void keepsMetadataInUnicode() {
        put("x").header("x-amz-meta-raw", "Grüße ✓")
                .header("x-amz-meta-words", "=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=")
                .header("x-amz-meta-plain", "=?not an encoded word?=")
                .send()
                .expect(200);
        Answer answer = client.get("/bucket-a/key");
        assertEquals("Grüße ✓", UserMetadata.decoded(answer.header("x-amz-meta-raw")));
        assertEquals("=?UTF-8?B?R3LDvMOfZSDinJM=?=", answer.header("x-amz-meta-raw"));
        assertEquals("=?UTF-8?B?R3LDvMOfZQ==?=", answer.header("x-amz-meta-words"));
        assertEquals("=?not an encoded word?=", answer.header("x-amz-meta-plain"));
    }

    @Test
    void refusesMoreMetadataThanTwoKilobytes() {
        put("x").header("x-amz-meta-a", "v".repeat(2047)).send().expect(200);
        Answer answer =
                put("x").header("x-amz-meta-a", "v".repeat(2048))
                        .send()
                        .expect(400, "MetadataTooLarge");
        assertEquals("2049", answer.xml("Size"));
        assertEquals("2048", answer.xml("MaxSizeAllowed"));
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-storage-class, GLACIER, 400, InvalidStorageClass",
        "x-amz-acl, publik-read, 400, InvalidArgument",
        "x-amz-grant-read, name=1, 400, InvalidArgument",
        "x-amz-server-side-encryption, AES256, 501, NotImplemented",
        "x-amz-server-side-encryption-customer-algorithm, AES256, 501, NotImplemented",
        "x-amz-tagging, a=b&a=c, 400, InvalidTag",
        "x-amz-object-lock-mode, GOVERNANCE, 400, InvalidRequest",
        "x-amz-website-redirect-location, other, 400, InvalidRedirectLocation",
        "Content-MD5, bad, 400, InvalidDigest",
        "Content-MD5, 1B2M2Y8AsgTpgAmY7PhCfg==, 400, BadDigest",
        "If-None-Match, \"abc\", 501, NotImplemented",
        "x-amz-checksum-crc32, AAAAAA==, 400, BadDigest",
        "x-amz-checksum-crc32, AAA=, 400, InvalidRequest",
        "x-amz-checksum-crc32, %%, 400, InvalidRequest",
        "x-amz-checksum-sha512, AAAA, 501, NotImplemented",
        "x-amz-sdk-checksum-algorithm, CRC32, 400, InvalidRequest",
        "x-amz-trailer, x-amz-checksum-crc32, 400, MalformedTrailerError",
        "x-amz-trailer, x-amz-meta-a, 400, InvalidRequest",
        "x-amz-write-offset-bytes, 3, 501, NotImplemented",
    })
    void refusesAndKeepsNothing(String header, String value, int status, String code) {
        put("hello").header(header, value).send().expect(status, code);
        absent();
    }

    @Test
    void acceptsTheContentMd5ThatIsRight() {
        put("hello").header("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==").send().expect(200);
    }

    @ParameterizedTest
    @CsvSource({
        "crc32, NhCmhg==",
        "crc32c, mnG7TA==",
        "crc64nvme, M3eFcAZSQlc=",
        "sha1, qvTGHdzF6KLavt4PO0gs2a6pQ00=",
        "sha256, LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
    })
    void verifiesKeepsAndGivesAChecksum(String algorithm, String value) {
        String header = "x-amz-checksum-" + algorithm;
        Answer put = put("hello").header(header, value).send().expect(200);
        assertEquals(value, put.header(header));
        assertEquals("FULL_OBJECT", put.header("x-amz-checksum-type"));
        assertEquals("(none)", client.get("/bucket-a/key").header(header));
        for (String method : new String[] {"GET", "HEAD"}) {
            Answer read =
                    client.request(method, "/bucket-a/key")
                            .header("x-amz-checksum-mode", "ENABLED")
                            .send();
            assertEquals(value, read.header(header));
        }
        Answer range =
                client.request("GET", "/bucket-a/key")
                        .header("x-amz-checksum-mode", "ENABLED")
                        .header("Range", "bytes=0-1")
                        .send();
        assertEquals("(none)", range.header(header));
        assertEquals(
                algorithm.toUpperCase(java.util.Locale.ROOT),
                client.get("/bucket-a?list-type=2").xml("ChecksumAlgorithm"));
        Answer attributes =
                client.request("GET", "/bucket-a/key?attributes")
                        .header("x-amz-object-attributes", "Checksum")
                        .send();
        assertEquals("FULL_OBJECT", attributes.xml("ChecksumType"));
    }

    @Test
    void refusesTwoChecksums() {
        put("hello")
                .header("x-amz-checksum-crc32", "NhCmhg==")
                .header("x-amz-checksum-crc32c", "mnG7TA==")
                .send()
                .expect(400, "InvalidRequest");
        put("hello")
                .header("x-amz-checksum-crc32", "NhCmhg==")
                .header("x-amz-sdk-checksum-algorithm", "CRC32C")
                .send()
                .expect(400, "InvalidRequest");
        put("hello")
                .header("x-amz-checksum-crc32", "NhCmhg==")
                .header("x-amz-sdk-checksum-algorithm", "CRC32")
                .send()
                .expect(200);
    }

    @Test
    void refusesABodyOfAnotherDigestThanSigned() {
        Answer answer =
                put("hello")
                        .payloadHash(TestSigner.sha256("hullo"))
                        .send()
                        .expect(400, "XAmzContentSHA256Mismatch");
        assertEquals(TestSigner.sha256("hello"), answer.xml("S3ComputedContentSHA256"));
        absent();
    }

    @Test
    void takesAnUnsignedBody() {
        put("hello").payloadHash("UNSIGNED-PAYLOAD").send().expect(200);
        put("hello").payloadHash("anything").send().expect(400, "InvalidArgument");
        put("hello")
                .payloadHash("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")
                .send()
                .expect(501, "NotImplemented");
    }

    @Test
    void asksForALength() {
        client.request("PUT", "/bucket-a/key").send().expect(411, "MissingContentLength");
    }

    private Answer putStream(InputStream body, long announced) {
        TreeMap<String, String> signed =
                new TreeMap<>(
                        Map.of(
                                "host",
                                "localhost:9000",
                                "x-amz-date",
                                TestSigner.basic(TestClient.NOW),
                                "x-amz-content-sha256",
                                "UNSIGNED-PAYLOAD"));
        TestRequest request = TestRequest.of("PUT", "/bucket-a/key").body(body, announced);
        signed.forEach(request::header);
        request.header(
                "Authorization",
                new TestSigner(TestClient.ROOT, "fra")
                        .authorization(
                                "PUT",
                                "/bucket-a/key",
                                signed,
                                "UNSIGNED-PAYLOAD",
                                TestClient.NOW));
        return client.raw(request);
    }

    @Test
    void refusesMoreThanFiveGibibytesBeforeReadingThem() {
        long size = 5L * 1024 * 1024 * 1024 + 1;
        Answer answer =
                putStream(InputStream.nullInputStream(), size).expect(400, "EntityTooLarge");
        assertEquals(Long.toString(size), answer.xml("ProposedSize"));
    }

    @Test
    void refusesABodyThatEndsEarly() {
        putStream(InputStream.nullInputStream(), 5).expect(400, "IncompleteBody");
        absent();
    }

    @ParameterizedTest
    @CsvSource({
        "TIMED_OUT, 400, RequestTimeout",
        "TOO_LARGE, 400, EntityTooLarge",
        "MALFORMED, 400, IncompleteBody",
    })
    void tellsWhyABodyDidNotCome(BodyException.Reason reason, int status, String code) {
        InputStream failing =
                new InputStream() {
                    @Override
                    public int read() throws BodyException {
                        throw new BodyException(reason, "test");
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws BodyException {
                        throw new BodyException(reason, "test");
                    }
                };
        putStream(failing, 5).expect(status, code);
        absent();
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, 503, ServiceUnavailable",
        "FULL, 507, InsufficientStorage",
        "LOST, 500, InternalError",
    })
    void tellsWhatAilsTheSite(StoreException.Category category, int status, String code) {
        store.failWith(new StoreException(category, "nothing for clients"));
        Answer answer = put("hello").send().expect(status, code);
        assertEquals(status == 503 ? "5" : "(none)", answer.header("Retry-After"));
        assertEquals(-1, answer.text().indexOf("nothing for clients"));
    }

    @Test
    void writesOnlyWhereNothingIs() {
        put("1").header("If-None-Match", "*").send().expect(200);
        Answer answer =
                put("2").header("If-None-Match", "*").send().expect(412, "PreconditionFailed");
        assertEquals("If-None-Match", answer.xml("Condition"));
        assertEquals("1", client.get("/bucket-a/key").text());
    }

    @Test
    void writesOnlyOverWhatIsKnown() {
        put("2").header("If-Match", "\"x\"").send().expect(404, "NoSuchKey");
        String etag = put("1").send().header("ETag");
        put("2").header("If-Match", "\"x\"").send().expect(412, "PreconditionFailed");
        put("2").header("If-Match", etag).send().expect(200);
        put("3").header("If-Match", etag)
                .header("If-None-Match", "*")
                .send()
                .expect(501, "NotImplemented");
        client.request("DELETE", "/bucket-a/key")
                .header("If-Match", etag)
                .send()
                .expect(412, "PreconditionFailed");
        assertEquals("2", client.get("/bucket-a/key").text());
    }

    @Test
    void deletesWhatIsThereAndWhatIsNot() {
        put("x").send().expect(200);
        for (int i = 0; i < 2; i++) {
            Answer answer = client.delete("/bucket-a/key").expect(204);
            assertEquals("(none)", answer.header("x-amz-delete-marker"));
            assertEquals("(none)", answer.header("x-amz-version-id"));
        }
        absent();
        client.delete("/absent/key").expect(404, "NoSuchBucket");
    }

    @Test
    void refusesAPartWithoutAnUpload() {
        client.put("/bucket-a/key?partNumber=1", "x").expect(400, "InvalidArgument");
        absent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws-chunked", "aws-chunked,gzip", "gzip, aws-chunked"})
    void keepsNoEncodingThatWasOnlyOnTheWay(String encoding) {
        put("x").header("Content-Encoding", encoding).send().expect(200);
        assertEquals(
                encoding.contains("gzip") ? "gzip" : "(none)",
                client.get("/bucket-a/key").header("Content-Encoding"));
    }
}
