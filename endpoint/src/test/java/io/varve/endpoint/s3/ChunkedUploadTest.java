package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.server.TestRequest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Bodies in the aws-chunked coding, through the whole front end. */
class ChunkedUploadTest {
    private static final String TARGET = "/bucket-a/key";
    private static final String SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    private static final String SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    private static final String UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    private static final byte[] CONTENT = content();
    private static final String CRC32 = "j2WbUw==";

    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void createBucket() {
        client.request("PUT", "/bucket-a").send().expect(200);
    }

    private static byte[] content() {
        byte[] content = new byte[100_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 + i / 251);
        }
        return content;
    }

    private static SortedMap<String, String> crc32Trailer() {
        var crc = new java.util.zip.CRC32();
        crc.update(CONTENT);
        byte[] value = java.nio.ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
        return new TreeMap<>(
                Map.of(
                        "x-amz-checksum-crc32",
                        java.util.Base64.getEncoder().encodeToString(value)));
    }

    private Answer put(
            String mode,
            SortedMap<String, String> trailers,
            Map<String, String> more,
            UnaryOperator<byte[]> tamper) {
        TestSigner signer = new TestSigner(TestClient.ROOT, "fra");
        TreeMap<String, String> signed = new TreeMap<>();
        signed.put("host", "localhost");
        signed.put("x-amz-date", TestSigner.basic(TestClient.NOW));
        signed.put("x-amz-content-sha256", mode);
        signed.put("x-amz-decoded-content-length", Integer.toString(CONTENT.length));
        if (!trailers.isEmpty()) {
            signed.put("x-amz-trailer", String.join(",", trailers.keySet()));
        }
        signed.putAll(more);
        signed.values().removeIf(String::isEmpty);
        String signature = signer.signature("PUT", TARGET, signed, mode, TestClient.NOW);
        boolean signedChunks = !mode.equals(UNSIGNED_TRAILER);
        byte[] body =
                new ChunkedEncoder(signedChunks ? signer : null, signature, TestClient.NOW)
                        .chunks(CONTENT, 32_768)
                        .end(trailers);
        TestRequest request = TestRequest.of("PUT", TARGET);
        signed.forEach(request::header);
        request.header(
                "Authorization", signer.authorization("PUT", TARGET, signed, mode, TestClient.NOW));
        request.header("Content-Encoding", "aws-chunked");
        return client.raw(request.body(tamper.apply(body)));
    }

    private Answer put(String mode, SortedMap<String, String> trailers) {
        return put(mode, trailers, Map.of(), UnaryOperator.identity());
    }

    private void absent() {
        client.get(TARGET).expect(404, "NoSuchKey");
    }

    @Test
    void takesSignedChunks() {
        put(SIGNED, new TreeMap<>()).expect(200);
        Answer read = client.get(TARGET).expect(200);
        assertArrayEquals(CONTENT, read.body());
        assertEquals("(none)", read.header("Content-Encoding"));
    }

    @ParameterizedTest
    @ValueSource(strings = {SIGNED_TRAILER, UNSIGNED_TRAILER})
    void takesAChecksumAfterTheBody(String mode) {
        Answer answer = put(mode, crc32Trailer()).expect(200);
        assertEquals(
                crc32Trailer().get("x-amz-checksum-crc32"), answer.header("x-amz-checksum-crc32"));
        assertArrayEquals(CONTENT, client.get(TARGET).expect(200).body());
    }

    @ParameterizedTest
    @ValueSource(strings = {SIGNED_TRAILER, UNSIGNED_TRAILER})
    void refusesAChecksumThatDoesNotMatch(String mode) {
        put(mode, new TreeMap<>(Map.of("x-amz-checksum-crc32", CRC32))).expect(400, "BadDigest");
        absent();
    }

    @Test
    void refusesATrailerThatDidNotComeOrIsMalformed() {
        UnaryOperator<byte[]> none = body -> replace(body, "x-amz-checksum-crc32:", "x-amz-other:");
        put(UNSIGNED_TRAILER, crc32Trailer(), Map.of(), none).expect(400, "MalformedTrailerError");
        UnaryOperator<byte[]> bare =
                body -> replace(body, "x-amz-checksum-crc32:", "x-amz-checksum");
        put(UNSIGNED_TRAILER, crc32Trailer(), Map.of(), bare).expect(400, "MalformedTrailerError");
        UnaryOperator<byte[]> shorter = body -> replace(body, "==\r\n", "\r\n");
        put(UNSIGNED_TRAILER, crc32Trailer(), Map.of(), shorter).expect(400);
        absent();
    }

    @Test
    void refusesATamperedChunk() {
        UnaryOperator<byte[]> flip =
                body -> {
                    body[50_000] ^= 1;
                    return body;
                };
        put(SIGNED, new TreeMap<>(), Map.of(), flip).expect(403, "SignatureDoesNotMatch");
        put(SIGNED_TRAILER, crc32Trailer(), Map.of(), flip).expect(403, "SignatureDoesNotMatch");
        put(UNSIGNED_TRAILER, crc32Trailer(), Map.of(), flip).expect(400, "BadDigest");
        absent();
    }

    @Test
    void refusesATamperedTrailer() {
        UnaryOperator<byte[]> other = body -> replace(body, "crc32:", "crc32:A");
        put(SIGNED_TRAILER, crc32Trailer(), Map.of(), other).expect(403, "SignatureDoesNotMatch");
        UnaryOperator<byte[]> unsigned =
                body -> replace(body, "x-amz-trailer-signature:", "x-amz-trailer-signature-not:");
        put(SIGNED_TRAILER, crc32Trailer(), Map.of(), unsigned)
                .expect(403, "SignatureDoesNotMatch");
        absent();
    }

    @Test
    void refusesABodyThatEndsAnywhereBeforeItsEnd() {
        for (int cut : new int[] {0, 1, 3, 90, 40_000, 100_100, 100_270}) {
            put(SIGNED, new TreeMap<>(), Map.of(), body -> java.util.Arrays.copyOf(body, cut))
                    .expect(400, "IncompleteBody");
        }
        absent();
    }

    @Test
    void refusesBytesAfterTheEnd() {
        put(
                        SIGNED,
                        new TreeMap<>(),
                        Map.of(),
                        body -> java.util.Arrays.copyOf(body, body.length + 9))
                .expect(400);
        absent();
    }

    @Test
    void takesABodyWithoutTheVeryLastLineEnd() {
        put(
                        SIGNED,
                        new TreeMap<>(),
                        Map.of(),
                        body -> java.util.Arrays.copyOf(body, body.length - 2))
                .expect(200);
        put(
                        SIGNED_TRAILER,
                        crc32Trailer(),
                        Map.of(),
                        body -> java.util.Arrays.copyOf(body, body.length - 2))
                .expect(200);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 411, MissingContentLength",
        "x, 400, InvalidArgument",
        "-1, 400, InvalidArgument",
        "99999, 400, IncompleteBody",
        "100001, 400, IncompleteBody",
        "5368709121, 400, EntityTooLarge",
    })
    void refusesAnotherLengthThanAnnounced(String length, int status, String code) {
        put(
                        SIGNED,
                        new TreeMap<>(),
                        Map.of("x-amz-decoded-content-length", length),
                        UnaryOperator.identity())
                .expect(status, code);
        absent();
    }

    @Test
    void verifiesAChecksumOfTheHeaderToo() {
        put(
                        SIGNED,
                        new TreeMap<>(),
                        Map.of("x-amz-checksum-crc32", CRC32),
                        UnaryOperator.identity())
                .expect(400, "BadDigest");
        put(
                        UNSIGNED_TRAILER,
                        crc32Trailer(),
                        Map.of("x-amz-checksum-crc32", CRC32),
                        UnaryOperator.identity())
                .expect(400, "InvalidRequest");
    }

    private static byte[] replace(byte[] body, String from, String to) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        int at = text.lastIndexOf(from);
        return (text.substring(0, at) + to + text.substring(at + from.length()))
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
