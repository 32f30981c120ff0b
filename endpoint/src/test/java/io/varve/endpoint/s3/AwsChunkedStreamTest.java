package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

class AwsChunkedStreamTest {
    private static final CredentialScope SCOPE = new CredentialScope("20260304", "fra");
    private static final String SEED_SIGNATURE = "0".repeat(64);

    private static ChunkSigner verifier() {
        return new ChunkSigner(
                SigningKey.derive("root-secret", SCOPE),
                TestSigner.basic(TestClient.NOW),
                SCOPE,
                SEED_SIGNATURE);
    }

    private static ChunkedEncoder encoder(boolean signed) {
        return new ChunkedEncoder(
                signed ? new TestSigner(TestClient.ROOT, "fra") : null,
                SEED_SIGNATURE,
                TestClient.NOW);
    }

    /** Gives a few bytes at a time, as a socket may. */
    private static InputStream dribble(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1 + random.nextInt(50)));
            }
        };
    }

    private static byte[] decoded(InputStream source, boolean signed, boolean trailing, int piece)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AwsChunkedStream stream =
                new AwsChunkedStream(source, signed ? verifier() : null, trailing)) {
            byte[] buffer = new byte[piece];
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                out.write(buffer, 0, read);
            }
        }
        return out.toByteArray();
    }

    private static byte[] encoded(Random random, byte[] content, boolean signed, boolean trailing) {
        SortedMap<String, String> trailers =
                trailing
                        ? new TreeMap<>(Map.of("x-amz-checksum-crc32", "AAAAAA==", "x-amz-a", "b"))
                        : new TreeMap<>();
        return encoder(signed).chunks(content, 1 + random.nextInt(300)).end(trailers);
    }

    @Test
    void decodesAnyChunkingReadInAnyPieces() throws IOException {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            boolean signed = random.nextBoolean();
            boolean trailing = !signed || random.nextBoolean();
            byte[] content = new byte[random.nextInt(3000)];
            random.nextBytes(content);
            byte[] body = encoded(random, content, signed, trailing);
            assertArrayEquals(
                    content,
                    decoded(dribble(body, random), signed, trailing, 1 + random.nextInt(500)),
                    "seed " + seed);
        }
    }

    /** A signed body has no byte that may change, but blanks and case around what counts. */
    @Test
    void neverGivesOtherBytesForAChangedSignedBody() throws IOException {
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            byte[] content = new byte[100 + random.nextInt(300)];
            random.nextBytes(content);
            boolean trailing = random.nextBoolean();
            byte[] body = encoded(random, content, true, trailing);
            int at = random.nextInt(body.length);
            body[at] ^= (byte) (1 << random.nextInt(8));
            try {
                byte[] got = decoded(dribble(body, random), true, trailing, 64);
                assertArrayEquals(content, got, "seed " + seed);
            } catch (S3Refusal refusal) {
                assertEquals(true, refusal.error().status() < 500, "seed " + seed);
            }
        }
    }

    @Test
    void neverFailsButByRefusalWhateverComes() throws IOException {
        String alphabet = "0123456789abcdefABC;=:\r\n chunk-signature";
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] body = new byte[random.nextInt(120)];
            for (int i = 0; i < body.length; i++) {
                body[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            boolean signed = random.nextBoolean();
            try {
                decoded(dribble(body, random), signed, random.nextBoolean(), 16);
            } catch (S3Refusal refusal) {
                assertEquals(true, refusal.error().status() < 500, "seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                "5",
                "5\r\nabc",
                "5\r\nabcdeX\n0\r\n\r\n",
                "5\nabcde\r\n0\r\n\r\n",
                "g\r\n",
                "-1\r\n",
                "+1\r\na\r\n0\r\n\r\n",
                "fffffffffffffffff\r\n",
                "7fffffffffffffff\r\nabc",
                "0\r\n\r\nmore",
                "0\r\na:b\r\n\r\n",
            })
    void refusesABodyThatIsMalformed(String body) {
        assertThrows(
                S3Refusal.class,
                () ->
                        decoded(
                                new ByteArrayInputStream(body.getBytes(StandardCharsets.US_ASCII)),
                                false,
                                false,
                                16));
    }

    @Test
    void refusesAChunkWithoutASignatureWhereItMustHaveOne() {
        byte[] body = encoder(false).chunk(new byte[3]).end(new TreeMap<>());
        assertThrows(
                S3Refusal.class, () -> decoded(new ByteArrayInputStream(body), true, false, 16));
    }

    @Test
    void limitsALineAndTheNumberOfTrailers() {
        byte[] longLine = ("1;" + "a".repeat(100_000)).getBytes(StandardCharsets.US_ASCII);
        assertThrows(
                S3Refusal.class,
                () -> decoded(new ByteArrayInputStream(longLine), false, false, 16));
        StringBuilder many = new StringBuilder("0\r\n");
        for (int i = 0; i < 100; i++) {
            many.append("x-amz-").append(i).append(":v\r\n");
        }
        byte[] trailers = many.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        assertThrows(
                S3Refusal.class,
                () -> decoded(new ByteArrayInputStream(trailers), false, true, 16));
    }
}
