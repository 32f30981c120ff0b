package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.VersionId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.OptionalLong;
import java.util.Random;

class WireIdsTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4_000_000_000L, Long.MAX_VALUE})
    void readsWhatItWrites(long position) {
        String version = WireIds.ofVersion(new VersionId(position));
        String upload = WireIds.ofUpload(position);
        assertTrue(version.matches("[0-9a-v]{20}"), version);
        assertTrue(upload.matches("[0-9a-v]{20}"), upload);
        assertEquals(new VersionId(position), WireIds.version(version));
        assertEquals(OptionalLong.of(position), WireIds.upload(upload));
    }

    @Test
    void readsWhatItWritesAtRandom() {
        for (int seed = 0; seed < 10_000; seed++) {
            long position = new Random(seed).nextLong() >>> 1 | 1;
            assertEquals(
                    new VersionId(position),
                    WireIds.version(WireIds.ofVersion(new VersionId(position))),
                    "seed " + seed);
        }
    }

    /** They are in old clients' hands: what was given out must be understood for ever. */
    @Test
    void keepsItsForm() {
        assertEquals("null", WireIds.ofVersion(VersionId.NULL));
        assertEquals(VersionId.NULL, WireIds.version("null"));
        assertEquals(GOLDEN_VERSION, WireIds.ofVersion(new VersionId(1)));
        assertEquals(GOLDEN_UPLOAD, WireIds.ofUpload(1));
    }

    private static final String GOLDEN_VERSION = "0t1hpl3oim09p28mpjp1";
    private static final String GOLDEN_UPLOAD = "0svci1lqb9383ucdk5s4";

    @Test
    void tellsTheTwoKindsApart() {
        assertEquals(OptionalLong.empty(), WireIds.upload(WireIds.ofVersion(new VersionId(5))));
        assertThrows(S3Refusal.class, () -> WireIds.version(WireIds.ofUpload(5)));
    }

    @Test
    void refusesAnyChangeOfACharacter() {
        String id = WireIds.ofVersion(new VersionId(123_456));
        for (int i = 0; i < id.length(); i++) {
            for (char c : "0123456789abcdefghijklmnopqrstuvwxyzA-".toCharArray()) {
                if (c != id.charAt(i)) {
                    String changed = id.substring(0, i) + c + id.substring(i + 1);
                    assertThrows(S3Refusal.class, () -> WireIds.version(changed), changed);
                }
            }
        }
    }
}
