package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;

class UserMetadataTest {

    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "=?UTF-8?B?w7w=?=, ü",
        "=?utf-8?q?=C3=BC_a?=, ü a",
        "=?ISO-8859-1?Q?=FC?=, ü",
        "=?UTF-8?B?w7w=?= =?UTF-8?B?w7w=?=, üü",
        "=?UTF-8?B?w7w=?= x, =?UTF-8?B?w7w=?= x",
        "=?UTF-8?B?*?=, =?UTF-8?B?*?=",
        "=?UTF-8?B?/w==?=, =?UTF-8?B?/w==?=",
        "=?UTF-8?Q?=C?=, =?UTF-8?Q?=C?=",
        "=?UTF-8?Q?=ZZ?=, =?UTF-8?Q?=ZZ?=",
        "=?no-such-charset?B?w7w=?=, =?no-such-charset?B?w7w=?=",
        "=?;?B?w7w=?=, =?;?B?w7w=?=",
    })
    void decodesEncodedWords(String header, String value) {
        assertEquals(value, UserMetadata.decoded(header));
    }

    @Test
    void decodesWhatItEncodes() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            StringBuilder value = new StringBuilder("x");
            for (int i = random.nextInt(80); i > 0; i--) {
                int codePoint = random.nextInt(random.nextBoolean() ? 0x7F : 0xD800);
                value.appendCodePoint(random.nextInt(9) == 0 ? codePoint + 0x10000 : codePoint);
            }
            String encoded = UserMetadata.encoded(value.toString());
            assertTrue(
                    encoded.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c < 0x7F)), encoded);
            for (String word : encoded.startsWith("=?") ? encoded.split(" ") : new String[0]) {
                assertTrue(word.length() <= 75, word);
            }
            assertEquals(value.toString(), UserMetadata.decoded(encoded), "seed " + seed);
        }
    }
}
