package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.TestRequest;
import io.varve.endpoint.store.StoreException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Signatures that somebody else checks, who may keep the secrets to themselves. */
class VouchingTest {
    private static final Instant NOW = TestClient.NOW;
    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    private static final String CHUNKED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    private static final Credential OWN =
            new Credential("KEY", "the secret", "account-1", "user-1");
    private static final Credential SECRETLESS = new Credential("KEY", "", "account-1", "user-1");

    /** Knows none, and asks each time. */
    private static final class Elsewhere implements Credentials {
        private final List<Proof> asked = new ArrayList<>();
        private final Vouching answer;

        Elsewhere(Vouching answer) {
            this.answer = answer;
        }

        @Override
        public Optional<Credential> find(String accessKey) {
            return Optional.empty();
        }

        @Override
        public Vouching vouch(Proof proof) {
            asked.add(proof);
            return answer;
        }
    }

    private static TestRequest signed(String path, String payload) {
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("host", "localhost");
        headers.put("x-amz-date", TestSigner.basic(NOW));
        headers.put("x-amz-content-sha256", payload);
        TestRequest request = TestRequest.of("GET", path);
        headers.forEach(request::header);
        return request.header(
                "Authorization",
                new TestSigner(OWN, "fra").authorization("GET", path, headers, payload, NOW));
    }

    private static Authentication authenticate(Credentials credentials, TestRequest request) {
        return new Authenticator(credentials, TestClient.CONFIG)
                .authenticate(S3Request.parse(request.build(), TestClient.CONFIG), NOW);
    }

    private static void refuses(S3Error error, Credentials credentials, TestRequest request) {
        S3Refusal refusal = assertThrows(S3Refusal.class, () -> authenticate(credentials, request));
        assertEquals(error, refusal.error());
    }

    @Test
    void asksWithWhatTheSecretSigns() {
        Elsewhere elsewhere = new Elsewhere(new Vouching.Vouched(SECRETLESS));
        Authentication found = authenticate(elsewhere, signed("/bucket/key", UNSIGNED));
        assertEquals(SECRETLESS, found.credential());
        assertNull(found.chunkSigner());
        Proof proof = elsewhere.asked.getFirst();
        assertEquals("KEY", proof.accessKey());
        assertEquals(1, proof.stringsToSign().size());
        assertEquals(
                new TestSigner(OWN, "fra").sign(proof.stringsToSign().getFirst(), NOW),
                proof.signature());
        assertTrue(proof.madeWith("the secret"));
        assertFalse(proof.madeWith("another"));
    }

    /** Nobody may be let in by a secret that is not known. */
    @Test
    void checksNothingWithAnEmptySecret() {
        Elsewhere elsewhere = new Elsewhere(new Vouching.WrongSignature());
        refuses(S3Error.SIGNATURE_DOES_NOT_MATCH, elsewhere, signed("/bucket/key", UNSIGNED));
        Proof proof = elsewhere.asked.getFirst();
        assertThrows(IllegalArgumentException.class, () -> proof.madeWith(""));
        TestRequest ofVersion2 =
                TestRequest.of(
                                "GET",
                                "/bucket/key?AWSAccessKeyId=KEY&Expires=9999999999&Signature=x")
                        .header("Host", "localhost");
        refuses(S3Error.SIGNATURE_DOES_NOT_MATCH, elsewhere, ofVersion2);
        Proof older = elsewhere.asked.getLast();
        assertThrows(IllegalArgumentException.class, () -> older.madeWith(""));
    }

    @Test
    void cannotCheckSignedChunksWithoutTheSecret() {
        refuses(
                S3Error.NOT_IMPLEMENTED,
                new Elsewhere(new Vouching.Vouched(SECRETLESS)),
                signed("/bucket/key", CHUNKED));
        Authentication found =
                authenticate(
                        new Elsewhere(new Vouching.Vouched(OWN)), signed("/bucket/key", CHUNKED));
        assertEquals(OWN, found.credential());
        assertNotNull(found.chunkSigner());
    }

    @Test
    void tellsAnUnknownKeyFromAWrongSignature() {
        refuses(
                S3Error.INVALID_ACCESS_KEY_ID,
                new Elsewhere(new Vouching.UnknownKey()),
                signed("/bucket/key", UNSIGNED));
        refuses(
                S3Error.SIGNATURE_DOES_NOT_MATCH,
                Credentials.only(new Credential("KEY", "another", "a", "u")),
                signed("/bucket/key", UNSIGNED));
        refuses(S3Error.INVALID_ACCESS_KEY_ID, _ -> Optional.empty(), signed("/b/k", UNSIGNED));
    }

    @Test
    void saysNothingOfASignatureThatCannotBeChecked() throws IOException {
        Credentials down =
                new Credentials() {
                    @Override
                    public Optional<Credential> find(String accessKey) {
                        return Optional.empty();
                    }

                    @Override
                    public Vouching vouch(Proof proof) {
                        throw new StoreException(StoreException.Category.UNAVAILABLE, "down");
                    }
                };
        S3Endpoint endpoint = new S3Endpoint(new InMemoryStore(), down, TestClient.CONFIG);
        TestRequest request = signed("/bucket/key", UNSIGNED).receivedAt(NOW);
        assertEquals(503, endpoint.handle(request.build()).status());
    }
}
