package io.varve.projections;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Random;

final class KnownKeysTest {
    private static byte[] key(int number) {
        return ("photos/2026/image-" + number + ".jpg").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void neverDeniesAKeyThatIsThere() {
        KnownKeys known = new KnownKeys();
        Random random = new Random(3);
        byte[][] keys = new byte[50_000][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = new byte[random.nextInt(60)];
            random.nextBytes(keys[i]);
            known.add(keys[i]);
        }
        for (byte[] key : keys) {
            assertTrue(known.mayHold(key));
        }
    }

    @Test
    void isRightAboutNearlyAllKeysThatAreNot() {
        KnownKeys known = new KnownKeys();
        for (int i = 0; i < 1_000_000; i++) {
            known.add(key(i));
        }
        int wrong = 0;
        for (int i = 1_000_000; i < 1_100_000; i++) {
            wrong += known.mayHold(key(i)) ? 1 : 0;
        }
        assertTrue(wrong < 100, "taken for there, of 100,000: " + wrong);
        assertFalse(new KnownKeys().mayHold(key(1)));
    }

    @Test
    void aReplayFindsWhatItHasWritten() {
        MemoryViewStore store = new MemoryViewStore();
        ViewBatch batch = ViewBatch.forReplay(store);
        batch.put(key(1), key(2));
        assertTrue(batch.get(key(1)) != null && batch.get(key(3)) == null);
    }
}
