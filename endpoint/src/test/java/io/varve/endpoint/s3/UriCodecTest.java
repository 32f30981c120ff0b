package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

class UriCodecTest {

    @ParameterizedTest
    @CsvSource({
        "a%2Fb, a/b, a/b",
        "a+b, a+b, a b",
        "a%2Bb, a+b, a+b",
        "%e4%bd%a0, 你, 你",
        "%F0%9F%A6%80, 🦀, 🦀",
        "a%20b, a b, a b",
        "plain, plain, plain",
    })
    void decodesAPathAndAQuery(String raw, String path, String query) {
        assertEquals(path, UriCodec.decodePath(raw));
        assertEquals(query, UriCodec.decodeQuery(raw));
    }

    @Test
    void encodesWhatSignaturesEncode() {
        assertEquals("a%2Fb", UriCodec.encode("a/b", false));
        assertEquals("a/b", UriCodec.encode("a/b", true));
        assertEquals("-._~", UriCodec.encode("-._~", false));
        assertEquals("%20%2B%2A%21%27%28%29%25", UriCodec.encode(" +*!'()%", false));
        assertEquals("%C3%BC%F0%9F%A6%80%00", UriCodec.encode("ü🦀\u0000", false));
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            int codePoint =
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(0x80);
                        case 1 -> 0x80 + random.nextInt(0x780);
                        case 2 -> 0xE000 + random.nextInt(0x1FF0);
                        default -> 0x10000 + random.nextInt(0x100000);
                    };
            text.appendCodePoint(codePoint);
        }
        return text.toString();
    }

    @Test
    void decodesWhatItEncodesAndAgreesWithTheStandard() {
        for (int seed = 0; seed < 5000; seed++) {
            String text = randomText(new Random(seed));
            String encoded = UriCodec.encode(text, seed % 2 == 0);
            assertEquals(text, UriCodec.decodePath(encoded), "seed " + seed);
            assertEquals(text, UriCodec.decodeQuery(encoded), "seed " + seed);
            assertEquals(URLDecoder.decode(encoded, StandardCharsets.UTF_8), text, "seed " + seed);
            if (seed % 2 == 0) {
                assertTrue(UriCodec.isCanonicalPath(encoded.replaceAll("%..", "")), "seed " + seed);
                assertEquals(encoded, CanonicalRequest.path(encoded), "seed " + seed);
            }
        }
    }

    /** However a client escapes, the canonical form is one. */
    @Test
    void bringsEveryEscapingToOneCanonicalPath() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            String text = "/" + randomText(random);
            StringBuilder raw = new StringBuilder("/");
            for (byte b : text.substring(1).getBytes(StandardCharsets.UTF_8)) {
                boolean bare = b > 0x20 && b < 0x7F && b != '%' && b != '?' && random.nextBoolean();
                raw.append(
                        bare
                                ? Character.toString((char) b)
                                : random.nextBoolean()
                                        ? "%%%02X".formatted(b & 0xFF)
                                        : "%%%02x".formatted(b & 0xFF));
            }
            assertEquals(
                    UriCodec.encode(text, true),
                    CanonicalRequest.path(raw.toString()),
                    "seed " + seed);
        }
    }

    @Test
    void neverFailsButByRefusal() {
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            StringBuilder raw = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                raw.append("%0aFfgG+&=é\uD800".charAt(random.nextInt(11)));
            }
            try {
                String decoded = UriCodec.decodePath(raw.toString());
                assertFalse(
                        decoded.contains("\uFFFD") && !raw.toString().contains("\uFFFD"),
                        "seed " + seed);
            } catch (S3Refusal refusal) {
                assertEquals(S3Error.INVALID_URI, refusal.error(), "seed " + seed);
            }
        }
    }

    @Test
    void parsesAQueryInOrder() {
        QueryParameters query = QueryParameters.parse("b=1&a&c=x%3Dy=z&&b=2&=e");
        assertEquals("1", query.first("b"));
        assertEquals("", query.first("a"));
        assertEquals("x=y=z", query.first("c"));
        assertEquals(5, query.all().size());
        assertFalse(query.has("d"));
        assertThrows(S3Refusal.class, () -> QueryParameters.parse("a=%"));
        assertThrows(S3Refusal.class, () -> QueryParameters.parse("a&".repeat(257)));
    }
}
