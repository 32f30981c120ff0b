package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.endpoint.server.TestRequest;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The worked examples of the Signature Version 4 documentation for S3. */
class SignatureVectorsTest {
    private static final Instant NOW = Instant.parse("2013-05-24T00:00:00Z");
    private static final Credential EXAMPLE =
            new Credential(
                    "AKIAIOSFODNN7EXAMPLE",
                    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                    "example",
                    "example");
    private static final S3Config CONFIG =
            new S3Config("us-east-1", List.of("s3.amazonaws.com"), false, "host");
    private static final String EMPTY =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final String GET_OBJECT =
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    private static final String GET_OBJECT_WRONG =
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb42";
    private static final String PUT_OBJECT =
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd";
    private static final String PUT_OBJECT_CONTENT =
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
    private static final String GET_LIFECYCLE =
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543";
    private static final String LIST_OBJECTS =
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7";
    private static final String CHUNK_1 =
            "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";
    private static final String CHUNK_2 =
            "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497";
    private static final String CHUNK_3 =
            "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";
    private static final String CHUNKED =
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    private static final String TRAILING =
            "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
    private static final String TRAILING_CHUNK_1 =
            "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2";
    private static final String TRAILING_CHUNK_2 =
            "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7";
    private static final String TRAILING_CHUNK_3 =
            "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992";
    private static final String TRAILER =
            "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435";
    private static final String PRESIGNED =
            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

    private static Authentication authenticate(TestRequest request) {
        return new Authenticator(Credentials.only(EXAMPLE), CONFIG)
                .authenticate(S3Request.parse(request.receivedAt(NOW).build(), CONFIG), NOW);
    }

    private static String authorization(String signedHeaders, String signature) {
        return "AWS4-HMAC-SHA256"
                + " Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders="
                + signedHeaders
                + ",Signature="
                + signature;
    }

    private static TestRequest getObject(String signature) {
        return TestRequest.of("GET", "/test.txt")
                .header("Host", "examplebucket.s3.amazonaws.com")
                .header(
                        "Authorization",
                        authorization("host;range;x-amz-content-sha256;x-amz-date", signature))
                .header("Range", "bytes=0-9")
                .header("x-amz-content-sha256", EMPTY)
                .header("x-amz-date", "20130524T000000Z");
    }

    @Test
    void acceptsTheGetObjectExample() {
        Authentication authentication = authenticate(getObject(GET_OBJECT));
        assertEquals(EXAMPLE, authentication.credential());
        assertEquals(new PayloadClaim.Hashed(EMPTY), authentication.payload());
    }

    @Test
    void refusesTheGetObjectExampleWithOneDigitChanged() {
        S3Refusal refusal =
                assertThrows(S3Refusal.class, () -> authenticate(getObject(GET_OBJECT_WRONG)));
        assertEquals(S3Error.SIGNATURE_DOES_NOT_MATCH, refusal.error());
    }

    @Test
    void acceptsThePutObjectExample() {
        authenticate(
                TestRequest.of("PUT", "/test$file.text")
                        .header("Host", "examplebucket.s3.amazonaws.com")
                        .header(
                                "Authorization",
                                authorization(
                                        "date;host;x-amz-content-sha256;"
                                                + "x-amz-date;x-amz-storage-class",
                                        PUT_OBJECT))
                        .header("Date", "Fri, 24 May 2013 00:00:00 GMT")
                        .header("x-amz-date", "20130524T000000Z")
                        .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
                        .header("x-amz-content-sha256", PUT_OBJECT_CONTENT));
    }

    @Test
    void acceptsTheGetBucketLifecycleExample() {
        authenticate(
                TestRequest.of("GET", "/?lifecycle")
                        .header("Host", "examplebucket.s3.amazonaws.com")
                        .header(
                                "Authorization",
                                authorization(
                                        "host;x-amz-content-sha256;x-amz-date", GET_LIFECYCLE))
                        .header("x-amz-date", "20130524T000000Z")
                        .header("x-amz-content-sha256", EMPTY));
    }

    @Test
    void acceptsTheListObjectsExample() {
        authenticate(
                TestRequest.of("GET", "/?max-keys=2&prefix=J")
                        .header("Host", "examplebucket.s3.amazonaws.com")
                        .header(
                                "Authorization",
                                authorization("host;x-amz-content-sha256;x-amz-date", LIST_OBJECTS))
                        .header("x-amz-date", "20130524T000000Z")
                        .header("x-amz-content-sha256", EMPTY));
    }

    @Test
    void acceptsThePresignedExampleUntilItExpires() {
        String target =
                "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE"
                    + "%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                    + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                    + "&X-Amz-Signature="
                        + PRESIGNED;
        TestRequest request =
                TestRequest.of("GET", target).header("Host", "examplebucket.s3.amazonaws.com");
        assertEquals(new PayloadClaim.Unsigned(), authenticate(request).payload());
        Instant late = NOW.plusSeconds(86_401);
        S3Refusal refusal =
                assertThrows(
                        S3Refusal.class,
                        () ->
                                new Authenticator(Credentials.only(EXAMPLE), CONFIG)
                                        .authenticate(
                                                S3Request.parse(request.build(), CONFIG), late));
        assertEquals("Request has expired", refusal.message());
    }

    private static TestRequest chunkedExample(String contentSha256, String signature) {
        return TestRequest.of("PUT", "/examplebucket/chunkObject.txt")
                .header("Host", "s3.amazonaws.com")
                .header("x-amz-date", "20130524T000000Z")
                .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
                .header(
                        "Authorization",
                        authorization(
                                "content-encoding;content-length;host;"
                                        + "x-amz-content-sha256;x-amz-date;"
                                        + "x-amz-decoded-content-length;x-amz-storage-class",
                                signature))
                .header("x-amz-content-sha256", contentSha256)
                .header("Content-Encoding", "aws-chunked")
                .header("x-amz-decoded-content-length", "66560")
                .header("Content-Length", "66824");
    }

    private static byte[] chunked(List<Map.Entry<Integer, String>> chunks, String tail) {
        StringBuilder body = new StringBuilder();
        for (Map.Entry<Integer, String> chunk : chunks) {
            body.append(Integer.toHexString(chunk.getKey()))
                    .append(";chunk-signature=")
                    .append(chunk.getValue())
                    .append("\r\n")
                    .append("a".repeat(chunk.getKey()));
            if (chunk.getKey() > 0) {
                body.append("\r\n");
            }
        }
        return body.append(tail).toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] decoded(Authentication authentication, byte[] body, boolean trailing)
            throws IOException {
        try (AwsChunkedStream stream =
                new AwsChunkedStream(
                        new ByteArrayInputStream(body), authentication.chunkSigner(), trailing)) {
            return stream.readAllBytes();
        }
    }

    private static byte[] content() {
        byte[] content = new byte[66_560];
        Arrays.fill(content, (byte) 'a');
        return content;
    }

    @Test
    void acceptsTheChunkedUploadExample() throws IOException {
        byte[] body =
                chunked(
                        List.of(
                                Map.entry(65_536, CHUNK_1),
                                Map.entry(1024, CHUNK_2),
                                Map.entry(0, CHUNK_3)),
                        "\r\n");
        Authentication authentication =
                authenticate(chunkedExample("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", CHUNKED));
        assertEquals(new PayloadClaim.Chunked(true, false), authentication.payload());
        assertEquals(66_824, body.length);
        assertArrayEquals(content(), decoded(authentication, body, false));
    }

    @Test
    void refusesTheChunkedUploadExampleWithOneByteChanged() {
        byte[] body = chunked(List.of(Map.entry(65_536, CHUNK_1)), "");
        body[40_000] = 'b';
        Authentication authentication =
                authenticate(chunkedExample("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", CHUNKED));
        S3Refusal refusal =
                assertThrows(S3Refusal.class, () -> decoded(authentication, body, false));
        assertEquals(S3Error.SIGNATURE_DOES_NOT_MATCH, refusal.error());
    }

    @Test
    void acceptsTheExampleWithATrailingChecksum() throws IOException {
        TestRequest request =
                TestRequest.of("PUT", "/examplebucket/chunkObject.txt")
                        .header("Host", "s3.amazonaws.com")
                        .header("x-amz-date", "20130524T000000Z")
                        .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
                        .header(
                                "Authorization",
                                authorization(
                                        "content-encoding;host;x-amz-content-sha256;x-amz-date;"
                                                + "x-amz-decoded-content-length;"
                                                + "x-amz-storage-class;x-amz-trailer",
                                        TRAILING))
                        .header(
                                "x-amz-content-sha256",
                                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
                        .header("Content-Encoding", "aws-chunked")
                        .header("x-amz-decoded-content-length", "66560")
                        .header("x-amz-trailer", "x-amz-checksum-crc32c")
                        .header("Content-Length", "66824");
        byte[] body =
                chunked(
                        List.of(
                                Map.entry(65_536, TRAILING_CHUNK_1),
                                Map.entry(1024, TRAILING_CHUNK_2),
                                Map.entry(0, TRAILING_CHUNK_3)),
                        "x-amz-checksum-crc32c:sOO8/Q==\r\n"
                                + "x-amz-trailer-signature:"
                                + TRAILER
                                + "\r\n"
                                + "\r\n");
        assertArrayEquals(content(), decoded(authenticate(request), body, true));
    }
}
