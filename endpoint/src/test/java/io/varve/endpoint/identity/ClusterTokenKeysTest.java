package io.varve.endpoint.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

final class ClusterTokenKeysTest {
    private static final Duration ROTATION = Duration.ofDays(7);
    private static final Duration LIFE = Duration.ofHours(12);
    private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
    private static final byte[] PLAIN = "token".getBytes(StandardCharsets.UTF_8);

    @TempDir private Path directory;

    private ClusterSecret secret(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, text);
        return ClusterSecret.read(file);
    }

    private static ClusterTokenKeys at(ClusterSecret secret, Instant now) {
        return new ClusterTokenKeys(secret, ROTATION, LIFE, Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void anotherEndpointOpensWhatOneSealed() throws IOException {
        String text = ClusterSecret.fresh();
        TokenBoxes.Sealer sealer = at(secret("one", text), NOW).sealer();
        byte[] sealed = sealer.box().seal(PLAIN, "p");
        SealedBox other = at(secret("two", text), NOW.plus(LIFE)).opener(sealer.number());
        assertNotNull(other);
        assertArrayEquals(PLAIN, other.open(sealed, "p"));
    }

    @Test
    void whoHasAnotherSecretOpensNothing() throws IOException {
        TokenBoxes.Sealer sealer = at(secret("one", ClusterSecret.fresh()), NOW).sealer();
        byte[] sealed = sealer.box().seal(PLAIN, "p");
        SealedBox other = at(secret("two", ClusterSecret.fresh()), NOW).opener(sealer.number());
        assertNotNull(other);
        assertNull(other.open(sealed, "p"));
    }

    @Test
    void keysGoWithTheLastTokenThatTheyCanHaveSealed() throws IOException {
        ClusterSecret secret = secret("one", ClusterSecret.fresh());
        int number = at(secret, NOW).sealer().number();
        assertNotNull(at(secret, NOW.plus(ROTATION)).opener(number));
        assertNull(at(secret, NOW.plus(ROTATION.multipliedBy(3))).opener(number));
        assertEquals(number + 1, at(secret, NOW.plus(ROTATION)).sealer().number());
    }

    @Test
    void refusesAFileThatIsNoSecret() {
        assertThrows(
                IdentityException.class, () -> secret("bad", "varve-cluster-secret 1\nAAAA\n"));
        assertThrows(IdentityException.class, () -> secret("worse", "something else"));
    }
}
