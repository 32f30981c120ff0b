package io.varve.endpoint.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.RoleScope;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;

final class TokenCodecTest {
    private static final Duration ROTATION = Duration.ofDays(7);
    private static final Duration LIFE = Duration.ofHours(12);

    private final TestClock clock = new TestClock();

    @TempDir Path directory;

    private TokenKeys keys() {
        return TokenKeys.open(directory, ROTATION, LIFE, clock);
    }

    private Token token() {
        return new Token(
                "user",
                RoleScope.project("project"),
                Set.of(Token.Method.PASSWORD, Token.Method.TOKEN),
                "",
                clock.instant(),
                clock.instant().plus(LIFE),
                List.of("audit", "parent"));
    }

    @Test
    void givesBackEveryKindOfToken() {
        TokenCodec codec = new TokenCodec(keys());
        for (Token token :
                List.of(
                        token(),
                        new Token(
                                "ü",
                                null,
                                Set.of(Token.Method.EC2),
                                "application",
                                clock.instant(),
                                clock.instant(),
                                List.of("a")),
                        new Token(
                                "u",
                                RoleScope.SYSTEM,
                                Set.of(Token.Method.APPLICATION_CREDENTIAL),
                                "",
                                clock.instant(),
                                clock.instant(),
                                List.of("a")))) {
            assertEquals(token, codec.decode(codec.encode(token)));
        }
    }

    @Test
    void takesNoTokenWithAnyBitChanged() {
        TokenCodec codec = new TokenCodec(keys());
        byte[] bytes = Base64.getUrlDecoder().decode(codec.encode(token()));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
            String changed = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            assertNull(codec.decode(changed), "bit " + bit);
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        }
    }

    @Test
    void takesNothingThatIsNoToken() {
        TokenCodec codec = new TokenCodec(keys());
        for (String text :
                List.of("", "A", "AQ", "AQAAAAE", "not base64!", "ÄÖÜ", "A".repeat(3000))) {
            assertNull(codec.decode(text), text);
        }
    }

    @Test
    void knowsItsTokensAfterARestart() {
        String text = new TokenCodec(keys()).encode(token());
        assertNotNull(new TokenCodec(keys()).decode(text));
    }

    @Test
    void rotatesKeysAndDropsThemOnceTheirTokensHaveExpired() throws IOException {
        TokenCodec codec = new TokenCodec(keys());
        clock.advance(ROTATION);
        String old = codec.encode(token());
        clock.advance(Duration.ofSeconds(1));
        String fresh = codec.encode(token());
        assertNotNull(codec.decode(old));
        assertNotNull(codec.decode(fresh));
        Path file = directory.resolve(TokenKeys.FILE_NAME);
        assertEquals(3, Files.readAllLines(file).size());
        clock.advance(ROTATION.plusSeconds(1));
        codec.encode(token());
        assertNull(codec.decode(old));
        assertNotNull(codec.decode(fresh));
        assertEquals(3, Files.readAllLines(file).size());
        assertTrue(Files.readString(file).startsWith("varve-token-keys 1\n2 "));
    }
}
